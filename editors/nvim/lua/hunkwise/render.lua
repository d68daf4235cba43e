-- Hunks as extmarks, by the pieces of lines that the server sends: what goes is highlighted, what comes stands below it.
local state = require('hunkwise.state')

local M = { namespace = vim.api.nvim_create_namespace('hunkwise'), has_labels = true }

local drawn = {} ---@type table<integer, true>

local GROUPS = {
  HunkwiseOld = 'DiffDelete',
  HunkwiseOldWord = 'DiffText',
  HunkwiseNew = 'DiffAdd',
  HunkwiseNewWord = 'DiffText',
  HunkwiseLabel = 'DiagnosticVirtualTextInfo',
  HunkwiseStale = 'DiagnosticVirtualTextWarn',
}

function M.highlights()
  for name, link in pairs(GROUPS) do
    vim.api.nvim_set_hl(0, name, { link = link, default = true })
  end
end

--- A line that comes as chunks of virtual text, as wide as the window.
local function virtual(line, tabstop)
  local chunks = {}
  for _, piece in ipairs(line) do
    -- Virtual text shows no tabs.
    local text = piece.text:gsub('\t', (' '):rep(tabstop))
    table.insert(chunks, { text, piece.changed and 'HunkwiseNewWord' or 'HunkwiseNew' })
  end
  table.insert(chunks, { (' '):rep(vim.o.columns), 'HunkwiseNew' })
  return chunks
end

local function mark(buffer, row, column, options)
  options.strict = false
  vim.api.nvim_buf_set_extmark(buffer, M.namespace, row, column, options)
end

local function draw_hunk(buffer, hunk)
  local lines = hunk.lines or { removed = {}, added = {} }
  local n_removed, last = #lines.removed, vim.api.nvim_buf_line_count(buffer) - 1
  -- Lines may come behind the last.
  local row, behind = hunk.range.start.line, hunk.range.start.line > last
  if behind then row = last end
  local end_row = n_removed > 0 and row + n_removed - 1 or row
  if M.has_labels then
    local is_stale = hunk.status == 'stale'
    local label = ('AI %s: %s'):format(hunk.label, is_stale and 'no longer fits' or hunk.summary)
    mark(buffer, row, 0, { virt_text = { { label, is_stale and 'HunkwiseStale' or 'HunkwiseLabel' } } })
  end
  if n_removed > 0 then
    mark(buffer, row, 0, { end_row = end_row + 1, hl_group = 'HunkwiseOld', hl_eol = true, priority = 150 })
  end
  for idx, line in ipairs(lines.removed) do
    local from = 0
    for _, piece in ipairs(line) do
      local to = from + #piece.text
      if piece.changed then
        mark(buffer, row + idx - 1, from, { end_col = to, hl_group = 'HunkwiseOldWord', priority = 160 })
      end
      from = to
    end
  end
  if #lines.added > 0 then
    local coming = vim.tbl_map(function(line) return virtual(line, vim.bo[buffer].tabstop) end, lines.added)
    local is_above = n_removed == 0 and not behind
    mark(buffer, end_row, 0, { virt_lines = coming, virt_lines_above = is_above })
  end
end

--- Draws all hunks of a buffer anew.
function M.draw(buffer)
  vim.api.nvim_buf_clear_namespace(buffer, M.namespace, 0, -1)
  drawn[buffer] = true
  for _, hunk in ipairs(state.hunks(vim.uri_from_bufnr(buffer))) do
    draw_hunk(buffer, hunk)
  end
end

--- Draws the loaded buffers of some documents, or of all that anything is drawn in.
function M.refresh(uris)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local is_wanted = uris == nil and drawn[buffer] or uris and uris[vim.uri_from_bufnr(buffer)]
    if is_wanted and vim.api.nvim_buf_is_loaded(buffer) then M.draw(buffer) end
  end
end

return M
