-- The command, the highlights, and hunks of buffers that are opened later.
local WORDS =
  vim.split('accept again ask cancel more next preview previous recipe refine reject review undo', ' ')

vim.api.nvim_create_user_command('Hunkwise', function(args)
  local word, rest = args.args:match('^(%S+)%s*(.-)$')
  if not vim.list_contains(WORDS, word) then
    return vim.notify('hunkwise: one of ' .. table.concat(WORDS, ', '), vim.log.levels.ERROR)
  end
  rest = rest ~= '' and rest or nil
  local lines = args.range > 0 and { args.line1, args.line2 } or nil
  local hunkwise = require('hunkwise')
  if word == 'recipe' then return hunkwise.recipe(lines) end
  if word == 'ask' or word == 'preview' then return hunkwise[word](rest, lines) end
  if word == 'reject' and rest ~= 'file' and rest ~= 'all' then return hunkwise.reject(nil, rest) end
  hunkwise[word](rest)
end, {
  nargs = '+',
  range = true,
  desc = 'Ask for AI edits and decide on their hunks',
  complete = function(typed)
    return vim.tbl_filter(function(word) return vim.startswith(word, typed) end, WORDS)
  end,
})

local group = vim.api.nvim_create_augroup('hunkwise', {})
vim.api.nvim_create_autocmd('ColorScheme', {
  group = group,
  callback = function() require('hunkwise.render').highlights() end,
})
require('hunkwise.render').highlights()

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(args)
    local client = vim.lsp.get_client_by_id(args.data.client_id)
    if client and client.name == 'hunkwise' then require('hunkwise.render').draw(args.buf) end
  end,
})

vim.api.nvim_create_autocmd('DiagnosticChanged', {
  group = group,
  callback = function(args) require('hunkwise.diagnostics').changed(args.buf) end,
})
