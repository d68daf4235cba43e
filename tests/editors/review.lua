-- Drives one whole review in a real Neovim, 0.7 and later, without any plugin:
--   nvim --headless -u NONE -i NONE -S review.lua
-- Reads WIRETAP, WIRE, SERVER, FILE, PLAN ("whole" or "accept") and OUT from the environment; OUT gets what was seen.

local seen = { version = tostring(vim.fn.execute('version'):match('NVIM v[%d.]+')), steps = {} }
local wanted

vim.ui.select = function(items, options, choose)
  for index, item in ipairs(items) do
    local title = options and options.format_item and options.format_item(item) or tostring(item)
    if wanted and title:find(wanted, 1, true) then return choose(item, index) end
  end
  seen.missing = wanted
  choose(nil, nil)
end

local function finish(code)
  local out = assert(io.open(vim.env.OUT, 'w'))
  out:write(vim.json and vim.json.encode(seen) or vim.fn.json_encode(seen))
  out:close()
  vim.cmd(code == 0 and 'qall!' or 'cquit')
end

local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') end

local function messages()
  local all = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    table.insert(all, diagnostic.message)
  end
  return all
end

local function has_message(part)
  for _, message in ipairs(messages()) do
    if message:find(part, 1, true) then return true end
  end
  return false
end

local function n_pending()
  local n = 0
  for _, message in ipairs(messages()) do
    if message:match('^AI %d+/%d+ %(r%d+%): ') then n = n + 1 end
  end
  return n
end

-- Waits for what a person would wait to see.
local function wait(what, condition)
  if vim.wait(60000, condition, 10) then return end
  seen.failed, seen.text, seen.diagnostics = what, text(), messages()
  finish(1)
end

local hands = dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/hands.lua')
local keys, go_to = hands.keys, hands.go_to

local function act(at, title)
  -- A person's keys end a block of undo; calls from a script do not.
  vim.cmd('let &g:undolevels = &g:undolevels')
  go_to(at)
  wanted = title
  vim.lsp.buf.code_action()
end

local function step(name) table.insert(seen.steps, { name = name, text = text(), diagnostics = messages() }) end

vim.cmd('filetype on')
local settings = { name = 'hunkwise', cmd = { vim.env.WIRETAP, vim.env.WIRE, vim.env.SERVER, 'lsp' } }
local id
if vim.fn.has('nvim-0.11') == 1 then
  settings.filetypes = { 'python' }
  settings.root_markers = { 'shop.py' }
  vim.lsp.config('hunkwise', settings)
  vim.lsp.enable('hunkwise')
  vim.cmd('edit ' .. vim.env.FILE)
  wait('the client', function() return vim.lsp.get_clients({ name = 'hunkwise' })[1] ~= nil end)
  id = vim.lsp.get_clients({ name = 'hunkwise' })[1].id
else
  vim.cmd('edit ' .. vim.env.FILE)
  settings.root_dir = vim.fn.fnamemodify(vim.env.FILE, ':h')
  id = vim.lsp.start and vim.lsp.start(settings) or vim.lsp.start_client(settings)
  vim.lsp.buf_attach_client(0, id)
end
wait('the server', function()
  local client = vim.lsp.get_client_by_id(id)
  return client and client.initialized
end)

go_to('    result = 0')
-- The editor indents the new line.
keys('O# ai: sum only what is not None, round, and name the result<Esc>')
wait('the directive', function() return has_message('AI instruction') end)
step('typed')
act('ai: sum', 'Run')
wait('three hunks', function() return n_pending() == 3 and not has_message('working') end)
step('hunks')

if vim.env.PLAN == 'whole' then
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.diagnostic.goto_next({ float = false })
  vim.diagnostic.goto_next({ float = false })
  seen.next_hunk = vim.api.nvim_get_current_line()
  local params = vim.lsp.util.make_position_params(0, 'utf-16')
  local answers = assert(vim.lsp.buf_request_sync(0, 'textDocument/hover', params, 60000))
  seen.hover = answers[id].result.contents.value
end

act('        result += price', 'Accept hunk 2/3')
wait('the accepted hunk', function() return text():find('is not None:', 1, true) and n_pending() == 2 end)
step('accepted')

if vim.env.PLAN == 'whole' then
  act('    result = 0', 'Reject hunk 1/3')
  wait('the rejected hunk', function() return n_pending() == 1 end)
  step('rejected')

  act('    return result', 'Refine hunk 3/3')
  wait('the cursor in the directive', function()
    local line = vim.api.nvim_get_current_line()
    return line:match('^    # ai: ?$') and true or false
  end)
  keys('Atwo digits are not enough<Esc>')
  wait('the directive', function() return has_message('AI instruction') end)
  act('ai: two digits', 'Run')
  wait('the second revision', function() return has_message('AI 3/3 (r2)') and not has_message('working') end)
  step('refined')

  act('    return result', 'Accept hunk 3/3')
  wait(
    'the decided proposal',
    function() return text():find('round(result, 4)', 1, true) and n_pending() == 0 end
  )
  step('accepted the refinement')

  keys('u')
  wait('the hunk after undo', function() return n_pending() == 1 end)
  step('undone')
end

vim.cmd('write')
finish(0)
