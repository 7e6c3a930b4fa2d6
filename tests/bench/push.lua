-- What wrk sends: arguments MODE FILE BASE. FILE has one gateway's key per line; BASE is the first
-- time in Unix seconds. MODE single: one push of 20 values, each gateway in turn, each time a second
-- later. MODE batch: 5,000 lines of one value, 250 seconds of one gateway. MODE backlog LINES: so many
-- readings of four values, a minute apart, each gateway in turn, each time where the last one ended.
local keys, mode, base, turn, count = {}, nil, nil, 0, 0
local built, backlog = -1, ''

local fields = {}
for i = 1, 20 do fields[i] = 'q' .. i .. '=' .. (i * 37.5) end
local single = 'pcs,device=pcs1 ' .. table.concat(fields, ',') .. ' '

local lines = {}
for i = 1, 20 do lines[i] = 'pcs,device=pcs1 q' .. i .. '=' .. (i * 37.5) .. ' ' end

function init(arguments)
  mode, base, count = arguments[1], tonumber(arguments[3]), tonumber(arguments[4] or 0)
  for key in io.lines(arguments[2]) do
    keys[#keys + 1] = 'POST /write?precision=s HTTP/1.1\r\nHost: a\r\nAuthorization: Token ' .. key
      .. '\r\nContent-Length: '
  end
end

function request()
  local key, round = keys[turn % #keys + 1], math.floor(turn / #keys)
  turn = turn + 1
  local body
  if mode == 'single' then
    body = single .. (base + round)
  elseif mode == 'backlog' then
    -- The same for all gateways, so that making it takes the client no time.
    if built ~= round then
      local parts = {}
      for n = 0, count - 1 do
        parts[n + 1] = 'house,device=pcs1 pv_power=3120.5,load_power=412,soc=74.5,grid_power=-2500 '
          .. (base + (round * count + n) * 60) .. '\n'
      end
      backlog, built = table.concat(parts), round
    end
    body = backlog
  else
    local parts = {}
    for second = 0, 249 do
      local ending = (base + round * 250 + second) .. '\n'
      parts[second + 1] = table.concat(lines, ending) .. ending
    end
    body = table.concat(parts)
  end
  return key .. #body .. '\r\n\r\n' .. body
end
