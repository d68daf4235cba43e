-- Tells the server what others report about a buffer, as often as once in a while.
local PAUSE_MS = 300

local M = {}
local waiting, told = {}, {}

local function position(client, buffer, line, column)
  local text = vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1] or ''
  column = math.min(column, #text)
  if client.offset_encoding == 'utf-16' then
    local encoded = vim.fn.has('nvim-0.11') == 1 and vim.str_utfindex(text, 'utf-16', column)
      or select(2, vim.str_utfindex(text, column))
    column = encoded
  end
  return { line = line, character = column }
end

local function tell(buffer)
  if not vim.api.nvim_buf_is_loaded(buffer) then return end
  for _, client in ipairs(vim.lsp.get_clients({ name = 'hunkwise', bufnr = buffer })) do
    local diagnostics = {}
    for _, found in ipairs(vim.diagnostic.get(buffer)) do
      if found.source ~= 'hunkwise' then
        table.insert(diagnostics, {
          range = {
            start = position(client, buffer, found.lnum, found.col),
            ['end'] = position(client, buffer, found.end_lnum or found.lnum, found.end_col or found.col),
          },
          severity = found.severity,
          source = found.source,
          message = found.message,
        })
      end
    end
    local params = { uri = vim.uri_from_bufnr(buffer), version = vim.lsp.util.buf_versions[buffer] }
    params.diagnostics = diagnostics
    local now = { client.id, params }
    -- Hunks come and go as diagnostics, too.
    if vim.deep_equal(now, told[buffer]) then return end
    told[buffer] = now
    if vim.fn.has('nvim-0.11') == 1 then
      client:notify('hunkwise/diagnostics', params)
    else
      client.notify('hunkwise/diagnostics', params)
    end
  end
end

--- What is reported about a buffer has changed.
function M.changed(buffer)
  if waiting[buffer] then return end
  waiting[buffer] = true
  vim.defer_fn(function()
    waiting[buffer] = nil
    tell(buffer)
  end, PAUSE_MS)
end

return M
