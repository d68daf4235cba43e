-- Hunks as extmarks: what goes is highlighted, what comes stands below it as virtual lines.
local state = require('hunkwise.state')
local words = require('hunkwise.words')

local M = { namespace = vim.api.nvim_create_namespace('hunkwise'), has_labels = true }

--- Of one mark for each hunk, which moves with the text and says where it stands.
local anchors = vim.api.nvim_create_namespace('hunkwise-anchors')
local drawn = {} ---@type table<integer, table<integer, table>>

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

--- Row and byte of a position of the protocol, within the buffer.
local function place(buffer, position, encoding)
  local n_lines = vim.api.nvim_buf_line_count(buffer)
  if position.line >= n_lines then return n_lines, 0 end
  local line = vim.api.nvim_buf_get_lines(buffer, position.line, position.line + 1, false)[1]
  if encoding == 'utf-8' then return position.line, math.min(position.character, #line) end
  -- A position behind the end of a line is its end.
  local is_ok, byte = pcall(vim.str_byteindex, line, position.character, encoding == 'utf-16')
  if vim.fn.has('nvim-0.11') == 1 then
    is_ok, byte = pcall(vim.str_byteindex, line, encoding, position.character, false)
  end
  return position.line, is_ok and byte or #line
end

--- The whole lines that a hunk is about, as they are and as they would be.
local function lines_of(buffer, hunk, encoding)
  local row, column = place(buffer, hunk.range.start, encoding)
  local end_row, end_column = place(buffer, hunk.range['end'], encoding)
  local new = hunk.newText
  local last = end_column > 0 and end_row + 1 or end_row
  local old = vim.api.nvim_buf_get_lines(buffer, row, last, false)
  if column > 0 and old[1] then new = old[1]:sub(1, column) .. new end
  if end_column > 0 and old[#old] then new = new .. old[#old]:sub(end_column + 1) end
  local coming = new == '' and {} or vim.split((new:gsub('\r?\n$', '')), '\r?\n')
  return row, old, coming
end

--- A line as chunks of virtual text, the words that are new in it highlighted.
local function chunks(line, spans, width, tabstop)
  local parts, from, cells = {}, 0, 0
  local function add(text, group)
    if text == '' then return end
    -- Virtual text shows no tabs.
    text = text:gsub('\t', function() return (' '):rep(tabstop) end)
    cells = cells + vim.fn.strdisplaywidth(text)
    table.insert(parts, { text, group })
  end
  for _, span in ipairs(spans) do
    add(line:sub(from + 1, span.from), 'HunkwiseNew')
    add(line:sub(span.from + 1, span.to), 'HunkwiseNewWord')
    from = span.to
  end
  add(line:sub(from + 1), 'HunkwiseNew')
  add((' '):rep(width - cells), 'HunkwiseNew')
  return parts
end

local function mark(buffer, row, column, options)
  options.strict = false
  vim.api.nvim_buf_set_extmark(buffer, M.namespace, row, column, options)
end

local function draw_hunk(buffer, entry, encoding)
  local hunk = entry.hunk
  local row, old, new = lines_of(buffer, hunk, encoding)
  local n_lines = vim.api.nvim_buf_line_count(buffer)
  local first = math.min(row, n_lines - 1)
  local anchor = vim.api.nvim_buf_set_extmark(buffer, anchors, first, 0, {
    end_row = math.min(row + math.max(#old, 1) - 1, n_lines - 1),
    strict = false,
  })
  drawn[buffer][anchor] = entry
  local is_stale = hunk.status == 'stale'
  if M.has_labels then
    local label = ('AI %s: %s'):format(hunk.label or hunk.id, is_stale and 'no longer fits' or hunk.summary)
    mark(buffer, first, 0, { virt_text = { { label, is_stale and 'HunkwiseStale' or 'HunkwiseLabel' } } })
  end
  if is_stale then return end
  local removed, added = words.changes(old, new)
  if #old > 0 then
    mark(buffer, row, 0, { end_row = row + #old, hl_group = 'HunkwiseOld', hl_eol = true, priority = 150 })
  end
  for _, span in ipairs(removed) do
    local at = row + span.row - 1
    mark(buffer, at, span.from, { end_col = span.to, hl_group = 'HunkwiseOldWord', priority = 160 })
  end
  local width = 0
  for _, line in ipairs(vim.list_extend(vim.list_slice(old), new)) do
    width = math.max(width, vim.fn.strdisplaywidth(line))
  end
  local virtual = {}
  for idx, line in ipairs(new) do
    local spans = vim.tbl_filter(function(span) return span.row == idx end, added)
    table.insert(virtual, chunks(line, spans, width, vim.bo[buffer].tabstop))
  end
  if #virtual == 0 then return end
  local below = #old > 0 and row + #old - 1 or row
  local is_above = #old == 0 and row < n_lines
  mark(buffer, math.min(below, n_lines - 1), 0, { virt_lines = virtual, virt_lines_above = is_above })
end

--- Draws all hunks of a buffer anew.
function M.draw(buffer)
  vim.api.nvim_buf_clear_namespace(buffer, M.namespace, 0, -1)
  vim.api.nvim_buf_clear_namespace(buffer, anchors, 0, -1)
  drawn[buffer] = {}
  for _, entry in ipairs(state.hunks(vim.uri_from_bufnr(buffer))) do
    local client = vim.lsp.get_client_by_id(entry.client)
    if client then draw_hunk(buffer, entry, client.offset_encoding) end
  end
end

--- Draws the loaded buffers of some documents, or of all that anything is drawn in.
function M.refresh(uris)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local is_wanted = uris == nil and drawn[buffer] or uris and uris[vim.uri_from_bufnr(buffer)]
    if is_wanted and vim.api.nvim_buf_is_loaded(buffer) then M.draw(buffer) end
  end
end

--- The hunk in the cursor's line: its client, its proposal and itself.
function M.at_cursor()
  local buffer, row = vim.api.nvim_get_current_buf(), vim.api.nvim_win_get_cursor(0)[1] - 1
  local marks = vim.api.nvim_buf_get_extmarks(buffer, anchors, { row, 0 }, { row, -1 }, { overlap = true })
  for _, found in ipairs(marks) do
    local entry = drawn[buffer] and drawn[buffer][found[1]]
    if entry then return entry end
  end
end

return M
