-- Drives what review.lua does not in a real Neovim, 0.10 and later, without any plugin:
--   nvim --headless -u NONE -i NONE -S plain.lua
-- Reads SERVER, FILE, CRLF, SECOND and OUT from the environment; OUT gets what was seen.

local INSTRUCTION = 'sum only what is not None, round, and name the result'

local seen = { version = tostring(vim.version()), steps = {}, said = {} }
local wanted

vim.ui.select = function(items, options, choose)
  for index, item in ipairs(items) do
    local title = options.format_item and options.format_item(item) or tostring(item)
    if wanted and title:find(wanted, 1, true) then return choose(item, index) end
  end
  seen.missing = wanted
  choose(nil, nil)
end
vim.notify = function(message) table.insert(seen.said, message) end

local function finish(code)
  local out = assert(io.open(vim.env.OUT, 'w'))
  out:write(vim.json.encode(seen))
  out:close()
  vim.cmd(code == 0 and 'qall!' or 'cquit')
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') end

local function messages()
  return vim.tbl_map(function(found) return found.message end, vim.diagnostic.get(0))
end

local function has_message(part)
  return vim.iter(messages()):any(function(message) return message:find(part, 1, true) end)
end

local function pending()
  return vim
    .iter(messages())
    :filter(function(message) return message:match('^AI %d+/%d+ %(r%d+%): ') end)
    :totable()
end

-- Waits for what a person would wait to see.
local function wait(what, condition)
  if vim.wait(60000, condition, 1) then return end
  seen.failed, seen.wanted, seen.text, seen.diagnostics = what, wanted, text(), messages()
  finish(1)
end

local function wait_hunks(n)
  wait(n .. ' hunks', function() return #pending() == n and not has_message('working') end)
end

local hands = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/hands.lua')
local keys, go_to = hands.keys, hands.go_to

local function choose(title, run)
  wanted = title
  run()
end

local function act(at, title)
  go_to(at)
  choose(title, vim.lsp.buf.code_action)
end

local function step(name)
  local file = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(0), ':t')
  local hunks = pending()
  table.sort(hunks)
  table.insert(seen.steps, { name = name, file = file, text = text(), labels = hunks })
  -- A person's keys end a block of undo; calls from a script do not.
  vim.cmd('let &g:undolevels = &g:undolevels')
end

vim.cmd('filetype on')
local settings = { name = 'hunkwise', cmd = { vim.env.SERVER, 'lsp' } }
settings.root_dir = vim.fn.fnamemodify(vim.env.FILE, ':h')
local id
local function open(path)
  vim.cmd.edit(path)
  id = id or vim.lsp.start(settings)
  vim.lsp.buf_attach_client(0, id)
  wait('the server', function()
    local client = vim.lsp.get_client_by_id(id)
    return client and client.initialized
  end)
end

open(vim.env.FILE)
local first = vim.api.nvim_get_current_buf()
local function ask(instruction)
  act('    result = 0', 'Ask AI…')
  wait(
    'the cursor in the comment',
    function() return vim.api.nvim_get_current_line():match('^# ai: ?$') ~= nil end
  )
  keys('A' .. instruction .. '<Esc>')
  wait('the directive', function() return has_message('AI instruction') end)
end

ask('hold this')
act('# ai:', 'Run')
wait('work', function() return has_message('AI working') end)
act('# ai:', 'Cancel')
wait('rest', function() return not has_message('AI working') end)
step('cancelled')

keys('uu')
wait('no directive', function() return not has_message('AI instruction') end)
ask(INSTRUCTION)
act('# ai:', 'Preview')
wait('the preview', function() return vim.api.nvim_get_current_buf() ~= first end)
seen.preview = text()
vim.cmd.buffer(first)
act('# ai:', 'Run')
wait_hunks(3)
step('asked')

go_to('    return result')
vim.lsp.buf.hover()
wait('the hover', function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
      seen.hover = table.concat(lines, '\n')
      vim.api.nvim_win_close(window, true)
      return true
    end
  end
end)

local has_enable = vim.fn.has('nvim-0.12') == 1
local function n_lenses()
  if has_enable then
    vim.lsp.codelens.enable(true)
    return #vim.lsp.codelens.get({ bufnr = 0 })
  end
  vim.lsp.codelens.refresh({ bufnr = 0 })
  return #vim.lsp.codelens.get(first)
end
wait('the lenses of three hunks and the comment', function()
  -- Lenses are asked for when a window is drawn.
  vim.cmd.redraw()
  return n_lenses() == 13
end)
go_to('    result = 0')
choose('Accept', vim.lsp.codelens.run)
wait_hunks(2)
step('accepted by a lens')
keys('u')
wait_hunks(3)
if has_enable then vim.lsp.codelens.enable(false) end

act('    result = 0', 'Accept all 3 hunks in this file')
wait_hunks(0)
step('accepted the file')
keys('u')
wait_hunks(3)
act('    result = 0', 'Reject all hunks')
wait_hunks(0)
step('rejected all')

open(vim.env.CRLF)
wait('the directive', function() return has_message('AI instruction') end)
act('# ai:', 'Run')
wait_hunks(1)
step('CRLF')
act('return w', 'Accept hunk 1/1')
wait_hunks(0)
step('accepted with CRLF')

vim.lsp.buf.add_workspace_folder(vim.fn.fnamemodify(vim.env.SECOND, ':h'))
open(vim.env.SECOND)
seen.folders = #vim.lsp.buf.list_workspace_folders()
wait('the directive', function() return has_message('AI instruction') end)
act('# ai:', 'Run')
wait_hunks(1)
act('return w', 'Accept hunk 1/1')
wait_hunks(0)
step('accepted in the second folder')

vim.cmd('wall')
finish(0)
