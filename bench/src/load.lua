-- wrk -s load.lua ORIGIN -- PATH BODIES repeat|once [HEADER VALUE]...
-- Sends each line of BODIES as the body of a POST: the first again and again, or each once.
-- Requests are put together before the clock starts.

local prepared = {}
local at = 0
local once = false
local probed = false
exhausted = 0

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  once = args[3] == 'once'
  for index = 4, #args, 2 do
    wrk.headers[args[index]] = args[index + 1]
  end
  for body in io.lines(args[2]) do
    prepared[#prepared + 1] = wrk.format('POST', args[1], wrk.headers, body)
  end
end

function request()
  -- wrk asks once before it starts, to look at the request and throw it away
  if not once or not probed then
    probed = true
    return prepared[1]
  end
  if at == #prepared then
    exhausted = 1
    wrk.thread:stop()
    return prepared[at]
  end
  at = at + 1
  return prepared[at]
end

function done(summary, latency, requests)
  local failed = summary.errors
  local ran_out = 0
  for _, thread in ipairs(threads) do
    ran_out = ran_out + thread:get('exhausted')
  end
  io.write(string.format(
    '\n{"answers":%d,"seconds":%f,"errors":%d,"p50":%f,"p99":%f,"exhausted":%s}\n',
    summary.requests - failed.status,
    summary.duration / 1e6,
    failed.status + failed.connect + failed.read + failed.write + failed.timeout,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    tostring(ran_out > 0)
  ))
end
