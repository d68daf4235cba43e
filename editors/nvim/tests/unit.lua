-- The parts that compute: nvim -l tests/unit.lua, with this plugin on the runtime path. Prints what differs and exits with 1.
local state = require('hunkwise.state')

local n_failed, n_checks = 0, 0

local function check(rule, found, wanted)
  n_checks = n_checks + 1
  if vim.deep_equal(found, wanted) then return end
  n_failed = n_failed + 1
  print(('%s:\n  found  %s\n  wanted %s'):format(rule, vim.inspect(found), vim.inspect(wanted)))
end

local function update(seq, proposal, phase, hunks)
  local files = { { uri = 'file:///a', hunks = hunks or {} } }
  return { seq = seq, proposal = proposal, state = phase, spent = '', files = files }
end

local function ids(uri)
  return vim.tbl_map(function(hunk) return hunk.id end, state.hunks(uri))
end

check('no server, no words', state.status(), '')
check(
  'an update is taken',
  state.take(1, update(1, 'p1', 'streaming', { { id = 'h1', status = 'provisional' } })),
  true
)
check('its hunks', ids('file:///a'), { 'h1' })
check('of no other document', ids('file:///b'), {})
check('an older update is not taken', state.take(1, update(1, 'p1', 'decided')), false)
check(
  'another server counts for itself',
  state.take(2, update(1, 'p1', 'pending', { { id = 'h9', status = 'stale' } })),
  true
)
state.forget(2)
state.take(
  1,
  update(2, 'p1', 'pending', {
    { id = 'h1', status = 'accepted' },
    { id = 'h2', status = 'pending' },
    { id = 'h3', status = 'rejected' },
  })
)
check('decided hunks are not shown', ids('file:///a'), { 'h2' })
state.take(1, update(3, 'p1', 'dismissed'))
check('a dismissed proposal is forgotten', ids('file:///a'), {})
check('nothing is said before the server does', state.status(), '')
state.take_status(1, { text = 'AI: 1 hunk to decide', provider = 'm at h' })
check('what the server says', state.status(), 'AI: 1 hunk to decide')
check('nobody works', state.working(), {})
state.take_status(3, { text = 'AI: no model', problem = 'set `model`' })
check('what two servers say', state.status(), 'AI: 1 hunk to decide · AI: no model')
state.take_status(3, { state = 'working', text = 'AI preparing' })
check('who works', state.working(), { 3 })
state.forget(3)
check('a server that ended is forgotten', state.status(), 'AI: 1 hunk to decide')

print(('counts: %d checks of the Neovim plugin, %d failed'):format(n_checks, n_failed))
os.exit(n_failed == 0 and 0 or 1)
