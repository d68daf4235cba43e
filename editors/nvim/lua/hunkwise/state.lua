-- What each server last said of its proposals, and questions about that. Nothing of the editor in here.
local M = {}

local clients = {} ---@type table<integer, { seq: integer, updates: table[], provider: table }>

local OPEN = { provisional = true, pending = true, stale = true }
local WORKING = { preparing = true, streaming = true, checking = true }

local function of(client)
  clients[client] = clients[client] or { seq = 0, updates = {}, provider = {} }
  return clients[client]
end

--- Takes the parameters of `hunkwise/didUpdate`. False where they are older than what is known.
function M.take(client, update)
  local known = of(client)
  if update.seq <= known.seq then return false end
  known.seq = update.seq
  known.updates = vim.tbl_filter(function(other) return other.proposal ~= update.proposal end, known.updates)
  if update.state ~= 'dismissed' then table.insert(known.updates, update) end
  return true
end

--- Takes the parameters of `hunkwise/provider`.
function M.take_provider(client, provider) of(client).provider = provider end

function M.forget(client) clients[client] = nil end

--- All updates that are known, oldest first, each with its client.
local function updates()
  local all = {}
  for client, known in pairs(clients) do
    for _, update in ipairs(known.updates) do
      table.insert(all, { client = client, update = update })
    end
  end
  return all
end

--- The hunks to decide: of a document, or of all.
function M.hunks(uri)
  local open = {}
  for _, entry in ipairs(updates()) do
    for _, file in ipairs(entry.update.files) do
      for _, hunk in ipairs(file.hunks) do
        if OPEN[hunk.status] and (not uri or file.uri == uri) then
          table.insert(open, { client = entry.client, proposal = entry.update.proposal, hunk = hunk })
        end
      end
    end
  end
  return open
end

--- The newest update that has hunks of a document, or of any; with `is_working` only one that is worked on.
function M.newest(uri, is_working)
  local found
  for _, entry in ipairs(updates()) do
    local has_uri = not uri
    for _, file in ipairs(entry.update.files) do
      has_uri = has_uri or file.uri == uri
    end
    if has_uri and (not is_working or WORKING[entry.update.state]) then found = entry end
  end
  return found
end

--- Who is asked, or why nobody can be, as each server said.
function M.providers()
  return vim.tbl_map(function(known) return known.provider end, vim.tbl_values(clients))
end

local function present(value) return value ~= nil and value ~= vim.NIL and value ~= '' end

--- A few words for the statusline; empty where no server runs.
function M.status()
  if next(clients) == nil then return '' end
  local working = M.newest(nil, true)
  local n_hunks = #M.hunks()
  local newest = M.newest()
  local spent = newest and present(newest.update.spent) and ' · ' .. newest.update.spent or ''
  if working then
    return 'AI '
      .. working.update.state
      .. (n_hunks > 0 and (', %d to decide'):format(n_hunks) or '')
      .. spent
  end
  if n_hunks > 0 then return ('AI %d to decide'):format(n_hunks) .. spent end
  for _, provider in ipairs(M.providers()) do
    if present(provider.problem) then return 'AI no model' end
  end
  return 'AI' .. spent
end

return M
