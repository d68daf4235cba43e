-- The thin client: asks, shows what the server says, and passes decisions on to it.
local render = require('hunkwise.render')
local state = require('hunkwise.state')

local M = { handlers = {} }

local is_picking = false

local function say(message) vim.notify('hunkwise: ' .. message, vim.log.levels.WARN) end

local function request(client, method, params, done, buffer)
  if vim.fn.has('nvim-0.11') == 1 then return client:request(method, params, done, buffer) end
  return client.request(method, params, done, buffer)
end

--- The cursor, or lines of the buffer, as an argument of commands.
local function place(client, lines)
  local params = vim.lsp.util.make_range_params(0, client.offset_encoding)
  local range = params.range
  if lines then
    range = { start = { line = lines[1] - 1, character = 0 }, ['end'] = { line = lines[2], character = 0 } }
  end
  return { uri = params.textDocument.uri, range = range }
end

local function execute(client, command, arguments)
  local params = { command = 'hunkwise.' .. command, arguments = arguments }
  request(client, 'workspace/executeCommand', params, function(error)
    if error then say(error.message) end
  end, vim.api.nvim_get_current_buf())
end

--- Runs a command on `target`, or on what is at the cursor or in `lines`.
local function run(command, target, text, lines)
  is_picking = false
  local client = vim.lsp.get_clients({ name = 'hunkwise', bufnr = 0 })[1]
  if not client then return say('no server runs for this buffer; see :checkhealth hunkwise') end
  execute(client, command, { target or place(client, lines), text })
end

local function target_of(word)
  if word == 'file' then return 'file@' .. vim.uri_from_bufnr(0) end
  return word == 'all' and 'all' or nil
end

--- Asks for an edit at the cursor or of lines `{ first, last }`; without an instruction the server has the user asked.
function M.ask(instruction, lines) run('ask', nil, instruction, lines) end

--- Lets the user choose a recipe for the cursor or for lines.
function M.recipe(lines)
  run('ask', nil, nil, lines)
  is_picking = true
end

--- Shows the request that `ask` would send, and sends nothing.
function M.preview(instruction, lines) run('preview', nil, instruction, lines) end

--- Accepts the hunk under the cursor, or all in the `file`, or `all`.
function M.accept(word) run('accept', target_of(word)) end

--- Rejects it, with a reason for the next round where one is given.
function M.reject(word, reason) run('reject', target_of(word), reason) end

--- Asks for another revision of it; without an instruction the server has the user asked.
function M.refine(instruction) run('refine', nil, instruction) end

--- Stops what is worked on, whichever server does, from whatever buffer.
function M.cancel()
  local working = state.working()
  if #working == 0 then return say('nothing is worked on') end
  for _, id in ipairs(working) do
    local client = vim.lsp.get_client_by_id(id)
    if client then execute(client, 'cancel', { 'all' }) end
  end
end

-- `next` and `previous` go to hunks in whatever file; the others are for the proposal of the hunk under the cursor, or the
-- newest of the buffer. `undo` takes all its accepted hunks out again; the editor's own undo does so with the last.
for _, name in ipairs({ 'next', 'previous', 'review', 'more', 'again', 'undo' }) do
  M[name] = function() run(name) end
end

--- For the statusline.
M.status = state.status

--- Calls a function with a callback, and waits for it without blocking the editor.
local function awaited(start)
  local thread = coroutine.running()
  local result, is_waiting
  start(function(value)
    result = value
    if is_waiting then coroutine.resume(thread, value) end
  end)
  if result ~= nil then return result end
  is_waiting = true
  return coroutine.yield()
end

function M.complete_recipe(typed)
  return vim.tbl_filter(function(name) return vim.startswith(name, typed) end, M.recipes or {})
end

M.handlers['hunkwise/prompt'] = function(_, params)
  local recipes = vim.tbl_map(function(name) return '/' .. name end, params.choices)
  M.recipes = recipes
  for idx = #params.history, 1, -1 do
    vim.fn.histadd('@', params.history[idx])
  end
  local function pick(done)
    vim.ui.select(recipes, { prompt = params.title }, function(choice) done(choice or vim.NIL) end)
  end
  local value
  if not is_picking then
    value = awaited(function(done)
      local options = { prompt = params.title .. ' ', default = params.value }
      options.completion = "customlist,v:lua.require'hunkwise'.complete_recipe"
      vim.ui.input(options, function(typed) done(typed or vim.NIL) end)
    end)
  end
  if #recipes > 0 and (is_picking or value == '/') then value = awaited(pick) end
  is_picking = false
  return { value = value == '' and vim.NIL or value or vim.NIL }
end

M.handlers['hunkwise/didUpdate'] = function(_, update, context)
  if not state.take(context.client_id, update) then return end
  local uris = {}
  for _, file in ipairs(update.files) do
    uris[file.uri] = true
  end
  render.refresh(uris)
  vim.api.nvim_exec_autocmds('User', { pattern = 'HunkwiseUpdate', modeline = false })
end

M.handlers['hunkwise/status'] = function(_, status, context)
  state.take_status(context.client_id, status)
  vim.cmd.redrawstatus()
end

M.handlers['workspace/applyEdit'] = function(error, edit, context, config)
  local answer = vim.lsp.handlers['workspace/applyEdit'](error, edit, context, config)
  -- Neovim tells a change after 150 ms, or before the next request: this one brings the update of the hunks at once.
  vim.schedule(function()
    local client = vim.lsp.get_client_by_id(context.client_id)
    local buffer = next(client and client.attached_buffers or {})
    if buffer then request(client, 'hunkwise/documentText', { uri = '' }, function() end, buffer) end
  end)
  return answer
end

function M.on_exit(_, _, client)
  vim.schedule(function()
    state.forget(client)
    render.refresh()
  end)
end

--- Settings, all with their defaults. `false` for a mapping leaves it out.
M.defaults = {
  -- As for `vim.lsp.config`: what is given here goes over lsp/hunkwise.lua.
  server = {},
  -- What is asked for by `workspace/configuration`; see editors/hunkwise.schema.json.
  settings = {},
  -- "AI 2/5 (r3): replaces 4 lines" behind the first line of a hunk.
  labels = true,
  -- True for those of `M.mappings`, or a table over them.
  mappings = false,
}

M.mappings = {
  next = ']h',
  previous = '[h',
  ask = '<Leader>ha',
  recipe = '<Leader>hR',
  accept = '<Leader>hy',
  reject = '<Leader>hn',
  refine = '<Leader>hr',
  cancel = '<Leader>hc',
  review = '<Leader>hv',
  more = '<Leader>hm',
}

local function map(buffer, wanted)
  for name, keys in pairs(vim.tbl_extend('force', M.mappings, wanted)) do
    if keys and M[name] then
      local function act() M[name]() end
      vim.keymap.set('n', keys, act, { buffer = buffer, desc = 'hunkwise: ' .. name })
      if name == 'ask' or name == 'recipe' then
        vim.keymap.set(
          'x',
          keys,
          ':Hunkwise ' .. name .. '<CR>',
          { buffer = buffer, desc = 'hunkwise: ' .. name }
        )
      end
    end
  end
end

--- Starts the server for its file types. Optional from Neovim 0.11 on, where `vim.lsp.enable('hunkwise')` does.
function M.setup(options)
  options = vim.tbl_extend('force', M.defaults, options or {})
  render.has_labels = options.labels
  local server = vim.deepcopy(options.server)
  -- An empty table would be sent as a list.
  if next(options.settings) then server.settings = { hunkwise = options.settings } end
  local group = vim.api.nvim_create_augroup('hunkwise-setup', {})
  if options.mappings then
    vim.api.nvim_create_autocmd('LspAttach', {
      group = group,
      callback = function(args)
        local client = vim.lsp.get_client_by_id(args.data.client_id)
        if client and client.name == 'hunkwise' then
          map(args.buf, type(options.mappings) == 'table' and options.mappings or {})
        end
      end,
    })
  end
  if vim.fn.has('nvim-0.11') == 1 then
    vim.lsp.config('hunkwise', server)
    return vim.lsp.enable('hunkwise')
  end
  local config = vim.tbl_deep_extend('force', require('hunkwise.server'), server, { name = 'hunkwise' })
  M.server = config
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = config.filetypes,
    callback = function(args)
      if vim.bo[args.buf].buftype ~= '' then return end
      local root = vim.fs.root(args.buf, config.root_markers)
      vim.lsp.start(vim.tbl_extend('force', config, { root_dir = root }), { bufnr = args.buf })
    end,
  })
end

return M
