-- The settings of a user who has the plugin of editors/nvim and its keys. Reads PLUGIN, WIRETAP, WIRE and SERVER.
vim.opt.runtimepath:prepend(vim.env.PLUGIN)
vim.o.termguicolors = true
vim.o.number = true
vim.o.signcolumn = 'no'
vim.o.laststatus = 2
vim.o.ruler = false
vim.o.statusline = " %t%=%{v:lua.require'hunkwise'.status()} "
require('hunkwise').setup({
  mappings = true,
  server = {
    cmd = vim.env.WIRETAP and { vim.env.WIRETAP, vim.env.WIRE, vim.env.SERVER, 'lsp' }
      or { vim.env.SERVER, 'lsp' },
    root_markers = { 'shop.py' },
  },
})
