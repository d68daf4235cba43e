-- Drives the commands of the plugin that plugin.lua does not, in a real Neovim, 0.10 and later, and what the editor itself does beside
-- the plugin: hover, lenses, code actions, an instruction in a comment.
--   nvim --headless -i NONE -u plugin_init.lua -S commands.lua
-- Reads FILE, CRLF, SECOND and OUT from the environment besides those of plugin_init.lua; OUT gets what was seen.

local INSTRUCTION = 'sum only what is not None, round, and name the result'

local seen = { version = tostring(vim.version()), steps = {}, choices = {} }
local wanted
local said = {}

vim.ui.select = function(items, options, done)
  local titles, chosen = {}, nil
  for _, item in ipairs(items) do
    local title = options.format_item and options.format_item(item) or tostring(item)
    table.insert(titles, title)
    if wanted and title:find(wanted, 1, true) then chosen = item end
  end
  seen.choices[wanted or 'nothing'] = titles
  -- As a user does: later, not in the call.
  vim.schedule(function() done(chosen) end)
end
vim.notify = function(message) table.insert(said, message) end

local function finish(code)
  seen.said = said
  local out = assert(io.open(vim.env.OUT, 'w'))
  out:write(vim.json.encode(seen))
  out:close()
  vim.cmd(code == 0 and 'qall!' or 'cquit')
end

local function status() return require('hunkwise').status() end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') end

local function labels()
  local found = {}
  local namespace = require('hunkwise.render').namespace
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
    local label = mark[4].virt_text and mark[4].virt_text[1][1]
    if label then table.insert(found, label) end
  end
  return found
end

-- Waits for what a person would wait to see.
local function wait(what, condition)
  if vim.wait(60000, condition, 1) then return end
  seen.failed, seen.text, seen.labels, seen.status = what, text(), labels(), status()
  finish(1)
end

local function is_working()
  for _, word in ipairs({ 'preparing', 'streaming', 'checking' }) do
    if status():find(word) then return true end
  end
  return false
end

local function wait_labels(n)
  wait(n .. ' hunks', function() return #labels() == n and not is_working() end)
end

local hands = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/hands.lua')
local keys, go_to = hands.keys, hands.go_to

local function step(name)
  local file = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(0), ':t')
  table.insert(seen.steps, { name = name, file = file, text = text(), labels = labels() })
  -- A person's keys end a block of undo; calls from a script do not.
  vim.cmd('let &g:undolevels = &g:undolevels')
end

local function open(path)
  vim.cmd.edit(path)
  wait('the server', function()
    local client = vim.lsp.get_clients({ name = 'hunkwise', bufnr = 0 })[1]
    return client and client.initialized and vim.fn.maparg(']h', 'n') ~= ''
  end)
end

local function choose(title, run)
  wanted = title
  run()
end

--- Waits for another document in the window, and gives its lines.
local function wait_document(what, from)
  wait(what, function() return vim.api.nvim_get_current_buf() ~= from end)
  local lines = text()
  vim.cmd.buffer(from)
  return lines
end

open(vim.env.FILE)
local first = vim.api.nvim_get_current_buf()

go_to('    result = 0')
vim.cmd('Hunkwise ask hold this')
wait('work', is_working)
vim.cmd('Hunkwise cancel')
wait('rest', function() return not is_working() end)
step('cancelled')

go_to('    result = 0')
vim.cmd('Hunkwise preview ' .. INSTRUCTION)
seen.preview = wait_document('the preview', first)

go_to('    result = 0')
vim.cmd('Hunkwise ask ' .. INSTRUCTION)
wait_labels(3)
step('asked')

go_to('    return result')
vim.lsp.buf.hover()
wait('the hover', function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      seen.hover =
        table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
      vim.api.nvim_win_close(window, true)
      return true
    end
  end
end)

local has_enable = vim.fn.has('nvim-0.12') == 1
local function lenses()
  local all
  if has_enable then
    vim.lsp.codelens.enable(true)
    all = vim.lsp.codelens.get({ bufnr = 0 })
  else
    vim.lsp.codelens.refresh({ bufnr = 0 })
    all = vim.lsp.codelens.get(first)
  end
  return vim.tbl_map(function(found) return (found.lens or found).command.title end, all)
end
wait('the lenses of three hunks', function()
  -- Lenses are asked for when a window is drawn.
  vim.cmd.redraw()
  seen.lenses = lenses()
  return #seen.lenses == 12
end)
table.sort(seen.lenses)
go_to('    result = 0')
choose('Accept', vim.lsp.codelens.run)
wait_labels(2)
step('accepted by a lens')
keys('u')
wait_labels(3)
if has_enable then vim.lsp.codelens.enable(false) end

go_to('        result += price')
choose('Accept hunk 2/3', vim.lsp.buf.code_action)
wait_labels(2)
step('accepted by a code action')
keys('u')
wait_labels(3)

go_to('    result = 0')
choose('Reject all of this proposal', function() vim.cmd('Hunkwise more') end)
wait_labels(0)
step('rejected by what is rarer')

vim.cmd('Hunkwise again')
wait_labels(3)
step('asked again')
vim.cmd('Hunkwise accept file')
wait_labels(0)
step('accepted the file')
vim.cmd('Hunkwise undo')
wait_labels(3)
step('took it out again')
vim.cmd('Hunkwise review')
seen.review = wait_document('the review', first)
vim.cmd('Hunkwise reject all')
wait_labels(0)
step('rejected all')

go_to('    result = 0')
keys('O# ai: ' .. INSTRUCTION .. '<Esc>')
wait('the directive', function()
  for _, found in ipairs(vim.diagnostic.get(0)) do
    if found.message:find('AI instruction', 1, true) then return true end
  end
end)
go_to('# ai:')
choose('Run', vim.lsp.buf.code_action)
wait_labels(3)
step('asked by a comment')
vim.cmd('Hunkwise reject all')
wait_labels(0)
keys('u')
wait('the text without the comment', function() return not text():find('# ai:', 1, true) end)

open(vim.env.CRLF)
go_to('return w')
vim.cmd('Hunkwise ask multiply')
wait_labels(1)
step('CRLF')
go_to('return w')
vim.cmd('Hunkwise accept')
wait_labels(0)
keys('u')
wait_labels(1)
go_to('return w')
vim.cmd('Hunkwise accept')
wait_labels(0)
step('accepted with CRLF')

local folder = vim.fn.fnamemodify(vim.env.SECOND, ':h')
if vim.fn.has('nvim-0.11') == 1 then vim.lsp.buf.add_workspace_folder(folder) end
open(vim.env.SECOND)
seen.n_servers = #vim.lsp.get_clients({ name = 'hunkwise' })
go_to('return w')
vim.cmd('Hunkwise ask multiply')
wait_labels(1)
step('second folder')
-- One server has both folders and goes to hunks in either; two know nothing of each other.
if seen.n_servers == 1 then
  vim.cmd.buffer(first)
  vim.cmd('Hunkwise next')
  wait('the other folder', function() return vim.api.nvim_get_current_buf() ~= first end)
end
vim.cmd('Hunkwise accept all')
wait_labels(0)
step('accepted all')

vim.cmd('wall')
finish(0)
