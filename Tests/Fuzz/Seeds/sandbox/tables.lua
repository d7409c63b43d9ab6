local t = table.pack(span.kind, span.flags, 3, 1)
table.sort(t, function(a, b) return a > b end)
table.insert(t, 2, 9); table.move(t, 1, 3, 2); table.remove(t, 1)
local ok, why = pcall(function() error({code = select("#", table.unpack(t))}) end)
local function walk(v, depth) if depth > 3 then return 0 end for k, x in pairs(v) do if type(x) == "table" then walk(x, depth + 1) end end return #v end
span.attributes.c = table.concat(t, ",") .. tostring(ok) .. walk({{1}, {a = {}}}, 0) .. tonumber("0x1p4") .. math.type(1 // 0.0)
span.attributes.m = map {k = array {1, 2.5, map {}}, b = math.maxinteger + 1 | 5 << 3 ~ 2}
for i, e in ipairs({1, 2}) do goto next; ::next:: end
for k, v in pairs(span.resource) do span.attributes[k] = v end
assert(span.events[1], "no event"); span:sample(0.5, "r"); span:keep "r"
