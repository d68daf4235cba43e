-- What each server last said of its proposals, and questions about that. Nothing of the editor in here.
local M = {}

local clients = {} ---@type table<integer, { seq: integer, updates: table[], status: table? }>

local OPEN = { provisional = true, pending = true, stale = true }

local function of(client)
  clients[client] = clients[client] or { seq = 0, updates = {} }
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

--- Takes the parameters of `hunkwise/status`.
function M.take_status(client, status) of(client).status = status end

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

--- How things stand for each server, as it said.
function M.statuses()
  return vim.tbl_map(function(known) return known.status or {} end, vim.tbl_values(clients))
end

--- A few words for the statusline; empty where no server runs.
function M.status()
  local texts = vim.tbl_map(function(status) return status.text end, M.statuses())
  return table.concat(texts, ' · ')
end

return M
