-- Asks what stands in a file, one request a line: METHOD, path, Cookie, X-CSRFToken, Content-Type, body, divided by tabs.
-- In a body, %d is a number that rises with every request, and %r one that is new with every run. Each thread takes its own part of the lines: once where
-- they can be asked only once, else over and over. Where those have run out, the report says after how many seconds.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long s; long us; } timeval;
  int gettimeofday(timeval *now, void *zone);
]]
local moment = ffi.new("timeval")
local function now()
  ffi.C.gettimeofday(moment, nil)
  return tonumber(moment.s) + tonumber(moment.us) / 1e6
end

local threads = {}
function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function done()
  local took = 0
  for _, thread in ipairs(threads) do took = math.max(took, thread:get("took") or 0) end
  if took > 0 then print(string.format("Used up after: %.3f", took)) end
end

local lines, at, asked, run = {}, 0, 0, ""
function init(args)
  local path, once, parts = args[1], args[2] == "once", tonumber(args[3])
  local n = 0
  for line in io.lines(path) do
    if n % parts == number then
      local f = {}
      for field in (line .. "\t"):gmatch("([^\t]*)\t") do f[#f + 1] = field end
      local headers = { ["Accept"] = "application/json", ["Sec-Fetch-Site"] = "same-origin" }
      if f[3] ~= "" then headers["Cookie"] = f[3] end
      if f[4] ~= "" then headers["X-CSRFToken"] = f[4] end
      if f[5] ~= "" then headers["Content-Type"] = f[5] end
      lines[#lines + 1] = { f[1], f[2], headers, f[6] }
    end
    n = n + 1
  end
  only_once = once
  run = string.format("%d-%s", os.time(), tostring({}):sub(8))
end

function request()
  began = began or now()
  at = at + 1
  if at > #lines then
    if only_once then
      took = took or now() - began
      wrk.thread:stop()
    end
    at = 1
  end
  asked = asked + 1
  local line = lines[at]
  local body = line[4]
  if body ~= "" then body = body:gsub("%%d", tostring(asked)):gsub("%%r", run) else body = nil end
  return wrk.format(line[1], line[2], line[3], body)
end
