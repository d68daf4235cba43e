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

--- The hunks of a document that are to be decided.
function M.hunks(uri)
  local open = {}
  for _, known in pairs(clients) do
    for _, update in ipairs(known.updates) do
      for _, file in ipairs(update.files) do
        if file.uri == uri then
          vim.list_extend(open, vim.tbl_filter(function(hunk) return OPEN[hunk.status] end, file.hunks))
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
  local texts = {}
  for _, status in ipairs(M.statuses()) do
    if status.text then table.insert(texts, status.text) end
  end
  return table.concat(texts, ' · ')
end

--- The servers that have work to do.
function M.working()
  return vim.tbl_filter(function(client)
    local status = clients[client].status
    return status ~= nil and status.state == 'working'
  end, vim.tbl_keys(clients))
end

return M
