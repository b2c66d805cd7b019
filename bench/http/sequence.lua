-- Requests in the order of the file named first, lines such as `404 /path`, from a place that the seed draws. Refusals that
-- the file foretells are no errors; as many of them as connections may still be on their way at the end.
local requests, refused = {}, {}
local at = 0
local threads = {}

refusals = 0

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  math.randomseed(tonumber(args[2]))
  for line in io.lines(args[1]) do
    local status, path = line:match('^(%d+) (.*)$')
    requests[#requests + 1] = wrk.format('GET', path)
    refused[#requests] = status == '404'
  end
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  if refused[at] then refusals = refusals + 1 end
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local expected = 0
  for _, thread in ipairs(threads) do expected = expected + thread:get('refusals') end
  local missing = expected - errors.status
  local wrong = (missing < 0 or missing > 1000) and math.abs(missing) or 0
  print(string.format('{"requests": %d, "us": %d, "p99Us": %d, "errors": %d}', summary.requests, summary.duration,
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.timeout + wrong))
end
