local x = math.max(math.abs(-3), math.ceil(1.2), math.floor(2.8)) + math.min(math.sqrt(2), math.exp(1), math.log(8, 2))
local y = math.modf(-2.5) + math.fmod(7, -3) + (math.tointeger("8") or 0) + 7 // 2 + 2 ^ 10 + 7 % -3 + 9 / 4 + span.duration
span.attributes.x = x * y
span.attributes.n = (math.ult(1, -1) and 1 or 0) + utf8.len(utf8.char(233, 8364)) + #string.match("key=value", "=(%a+)")
for k, v in pairs({3, 1, a = 1, b = 2, c = {}, [2.5] = 1, [true] = 2}) do span.attributes["k" .. tostring(k)] = v end
for p, c in utf8.codes("aé", true) do span.attributes.p = p .. c end
local raw = span.attributes.raw
span.attributes.r = tostring(raw == span.attributes.raw) .. #raw
if span.events[1] then span.attributes.e = span.events[1].attributes.user .. #span.links end
