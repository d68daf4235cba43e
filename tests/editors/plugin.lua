-- Drives one review in a real Neovim, 0.10 and later, by the plugin's keys:
--   nvim --headless -i NONE -u plugin_init.lua -S plugin.lua
-- Reads FILE and OUT from the environment besides those of plugin_init.lua; OUT gets what was seen.

local seen = { version = tostring(vim.version()), steps = {}, prompts = {} }
local answers = {}
local ROUNDS = 15

vim.ui.input = function(options, done)
  table.insert(seen.prompts, options.prompt)
  -- As a user does: later, not in the call.
  vim.schedule(function() done(table.remove(answers, 1)) end)
end
vim.ui.select = function(items, options, done)
  seen.recipes = items
  seen.recipe_prompt = options.prompt
  vim.schedule(function() done(nil) end)
end
local said = {}
vim.notify = function(message) table.insert(said, message) end

local function finish(code)
  seen.said = said
  local out = assert(io.open(vim.env.OUT, 'w'))
  out:write(vim.json.encode(seen))
  out:close()
  vim.cmd(code == 0 and 'qall!' or 'cquit')
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') end

--- What the extmarks show: virtual lines below (or above) their row, labels, and the words that are highlighted.
local function shown()
  local render = require('hunkwise.render')
  local lines = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, render.namespace, 0, -1, { details = true })) do
    local row, column, details = mark[2], mark[3], mark[4]
    for _, virtual in ipairs(details.virt_lines or {}) do
      local parts = {}
      for _, chunk in ipairs(virtual) do
        table.insert(parts, chunk[2] == 'HunkwiseNewWord' and '[' .. chunk[1] .. ']' or chunk[1])
      end
      local line = table.concat(parts):gsub('%s+$', '')
      table.insert(lines, ('%d+ %s'):format(row + 1, line))
    end
    if details.virt_text then table.insert(lines, ('%d: %s'):format(row + 1, details.virt_text[1][1])) end
    if details.hl_group == 'HunkwiseOld' then
      table.insert(lines, ('%d-%d old'):format(row + 1, details.end_row))
    end
    if details.hl_group == 'HunkwiseOldWord' then
      local line = vim.api.nvim_buf_get_lines(0, row, row + 1, false)[1]
      table.insert(lines, ('%d- [%s]'):format(row + 1, line:sub(column + 1, details.end_col)))
    end
  end
  table.sort(lines)
  return lines
end

local function n_labels()
  local n = 0
  for _, line in ipairs(shown()) do
    if line:match('^%d+: AI ') and not line:find('arriving') then n = n + 1 end
  end
  return n
end

-- Waits for what a person would wait to see.
local function wait(what, condition)
  if vim.wait(60000, condition, 1) then return end
  seen.failed, seen.text, seen.shown, seen.status = what, text(), shown(), require('hunkwise').status()
  finish(1)
end

local hands = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/hands.lua')
local keys, go_to = hands.keys, hands.go_to

local function step(name)
  local status = require('hunkwise').status()
  table.insert(seen.steps, { name = name, text = text(), shown = shown(), status = status })
  -- A person's keys end a block of undo; calls from a script do not.
  vim.cmd('let &g:undolevels = &g:undolevels')
end

local function median(times)
  table.sort(times)
  return times[math.ceil(#times / 2)]
end

--- Milliseconds from keys to what they lead to, the median of some rounds.
local function measured(rounds)
  local times = {}
  for _ = 1, ROUNDS do
    local from = vim.uv.hrtime()
    rounds(function(what, condition)
      wait(what, condition)
      table.insert(times, (vim.uv.hrtime() - from) / 1e6)
    end)
  end
  return median(times)
end

vim.cmd.edit(vim.env.FILE)
wait('the server', function()
  local client = vim.lsp.get_clients({ name = 'hunkwise' })[1]
  return client and client.initialized and vim.fn.maparg(']h', 'n') ~= ''
end)

-- What another server reports is forwarded while the review goes on.
vim.diagnostic.set(vim.api.nvim_create_namespace('other'), 0, {
  { lnum = 0, col = 7, end_lnum = 0, end_col = 9, message = 'unused import', source = 'other' },
})

go_to('result += price')
keys('\\hR')
wait('the recipes', function() return seen.recipes ~= nil end)

answers = { 'sum only what is not None, round, and name the result' }
go_to('    result = 0')
keys('\\ha')
wait('three hunks', function() return n_labels() == 3 and require('hunkwise').status():find('^AI: 3') end)
step('hunks')

-- Where the cursor goes, and how fast.
vim.api.nvim_win_set_cursor(0, { 1, 0 })
seen.walk = {}
for _, key in ipairs({ ']h', ']h', ']h', '[h' }) do
  local before = vim.api.nvim_win_get_cursor(0)[1]
  keys(key)
  wait(key, function() return vim.api.nvim_win_get_cursor(0)[1] ~= before end)
  table.insert(seen.walk, vim.api.nvim_get_current_line())
end
local client = vim.lsp.get_clients({ name = 'hunkwise' })[1]
seen.latency = {
  round_trip = measured(function(done)
    local is_back = false
    local params = { uri = vim.uri_from_bufnr(0) }
    local function back() is_back = true end
    if vim.fn.has('nvim-0.11') == 1 then
      client:request('hunkwise/documentText', params, back)
    else
      client.request('hunkwise/documentText', params, back)
    end
    done('an answer', function() return is_back end)
  end),
  next_hunk = measured(function(done)
    vim.api.nvim_win_set_cursor(0, { 1, 0 })
    keys(']h')
    done('the next hunk', function() return vim.api.nvim_win_get_cursor(0)[1] ~= 1 end)
  end),
  previous_hunk = measured(function(done)
    vim.api.nvim_win_set_cursor(0, { 9, 0 })
    keys('[h')
    done('the hunk before', function() return vim.api.nvim_win_get_cursor(0)[1] ~= 9 end)
  end),
}
local times = {}
seen.latency.accept = measured(function(done)
  vim.cmd('let &g:undolevels = &g:undolevels')
  go_to('result += price')
  local from = vim.uv.hrtime()
  keys('\\hy')
  done('the accepted text', function() return text():find('is not None:', 1, true) end)
  wait('two hunks', function() return n_labels() == 2 end)
  table.insert(times, (vim.uv.hrtime() - from) / 1e6)
  keys('u')
  wait('the hunk again', function() return n_labels() == 3 end)
end)
seen.latency.accept_shown = median(times)
step('accepted and undone')

go_to('result += price')
keys('\\hy')
wait('the accepted hunk', function() return text():find('is not None:', 1, true) and n_labels() == 2 end)
step('accepted')

go_to('    result = 0')
keys('\\hn')
wait('the rejected hunk', function() return n_labels() == 1 end)
step('rejected')

answers = { 'two digits are not enough' }
go_to('    return result')
keys('\\hr')
wait(
  'the second revision',
  function()
    return n_labels() == 1 and shown()[1]:find('4', 1, true) and require('hunkwise').status():find('^AI: 1')
  end
)
step('refined')

go_to('    return result')
vim.cmd('Hunkwise accept')
wait(
  'the decided proposal',
  function() return text():find('round(result, 4)', 1, true) and n_labels() == 0 end
)
step('accepted the refinement')

keys('u')
wait('the hunk after undo', function() return n_labels() == 1 end)
step('undone')

vim.cmd('checkhealth hunkwise')
seen.health = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.cmd('bwipeout')
vim.cmd('write')
finish(0)
