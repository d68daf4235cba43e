-- Which words differ between two blocks of lines.
local M = {}

local diff = vim.text and vim.text.diff or vim.diff

--- Words, blanks and single other characters of some lines, each with its place. A line's end is an empty token.
local function tokens(lines)
  local found = {}
  for row, line in ipairs(lines) do
    local from = 1
    while from <= #line do
      local to = select(2, line:find('^[%w_\128-\255]+', from)) or select(2, line:find('^%s+', from)) or from
      table.insert(found, { text = line:sub(from, to), row = row, from = from - 1, to = to })
      from = to + 1
    end
    table.insert(found, { text = '', row = row, from = #line, to = #line })
  end
  return found
end

local function joined(found)
  local texts = vim.tbl_map(function(token) return token.text end, found)
  return table.concat(texts, '\n') .. '\n'
end

--- The tokens of a run as one span a line.
local function add_spans(spans, found, first, n)
  for idx = first, first + n - 1 do
    local token = found[idx]
    local last = spans[#spans]
    if last and last.row == token.row and last.to == token.from then
      last.to = token.to
    elseif token.to > token.from then
      table.insert(spans, { row = token.row, from = token.from, to = token.to })
    end
  end
end

--- Spans of bytes that only the old and only the new lines have: `{ row, from, to }`, rows counted from 1, bytes from 0.
--- None where the blocks have little in common: then all of it is new.
function M.changes(old, new)
  local before, after = tokens(old), tokens(new)
  local removed, added, n_same = {}, {}, #before
  for _, part in ipairs(diff(joined(before), joined(after), { result_type = 'indices' })) do
    add_spans(removed, before, part[1], part[2])
    add_spans(added, after, part[3], part[4])
    n_same = n_same - part[2]
  end
  if n_same * 3 < math.max(#before, #after) then return {}, {} end
  return removed, added
end

return M
