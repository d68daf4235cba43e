-- For `vim.lsp.enable('hunkwise')`, Neovim 0.11 and later.
return require('hunkwise.server')
