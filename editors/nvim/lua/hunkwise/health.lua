-- `:checkhealth hunkwise`
local state = require('hunkwise.state')

local M = {}

function M.check()
  local health = vim.health
  health.start('hunkwise')
  if vim.fn.has('nvim-0.10') == 0 then
    return health.error(
      'Neovim 0.10 or newer is needed for the plugin',
      { 'Use it as a plain language server' }
    )
  end
  health.ok('Neovim ' .. tostring(vim.version()))
  local config = require('hunkwise').server or require('hunkwise.server')
  if vim.fn.has('nvim-0.11') == 1 then config = vim.lsp.config.hunkwise or config end
  local program = type(config.cmd) == 'table' and config.cmd[1] or nil
  if program and vim.fn.executable(program) == 1 then
    local version = vim.system({ program, '--version' }, { text = true }):wait(5000)
    health.ok(('%s: %s'):format(vim.fn.exepath(program), vim.trim(version.stdout or '')))
  elseif program then
    health.error(program .. ' cannot be executed', { 'Put it on PATH, or set `server.cmd` in setup()' })
  end
  local clients = vim.lsp.get_clients({ name = 'hunkwise' })
  if #clients == 0 then
    return health.warn('no server runs', { 'Open a file of a type that is listed in lsp/hunkwise.lua' })
  end
  for _, client in ipairs(clients) do
    local root = client.root_dir or (client.config or {}).root_dir or 'no folder'
    health.ok(('a server runs for %s, counting in %s'):format(root, client.offset_encoding))
  end
  for _, provider in ipairs(state.statuses()) do
    if type(provider.provider) == 'string' then
      health.ok('asks ' .. provider.provider)
    elseif type(provider.problem) == 'string' then
      health.error(provider.problem, { 'Run `hunkwise doctor`' })
    end
  end
end

return M
