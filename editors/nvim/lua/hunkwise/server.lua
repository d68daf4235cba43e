-- How the server is started and what it may ask of this editor.
local hunkwise = require('hunkwise')

return {
  cmd = { 'hunkwise', 'lsp' },
  filetypes = vim.split(
    'go java javascript javascriptreact json python rust typescript typescriptreact yaml',
    ' '
  ),
  root_markers = { '.git' },
  capabilities = vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), {
    experimental = { hunkwise = { prompt = true, didUpdate = true, words = true } },
  }),
  handlers = hunkwise.handlers,
  on_exit = hunkwise.on_exit,
}
