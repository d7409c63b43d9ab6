local s = span.name .. string.rep("ab", 9, "-")
for a, b in s:gmatch("(%a+)%-?()") do span.attributes[a] = b end
local t = s:gsub("%f[%w]%w+", {ab = "x"}):gsub("(.)(.)", "%2%1", 3):gsub("%b()", string.upper)
span.attributes.x = string.format("%5.2f|%-8s|%q|%x|%g|%i|%c|%%", 1.5, t, s, 255, 1e300, 3, 65)
span.name = s:sub(-3, -1):reverse():lower() .. s:byte(1, 2) .. string.char(65, 66) .. #s .. (s:find("b-", 1, true) or 0)
for p, c in utf8.codes("aé€") do span.attributes.n = utf8.codepoint("é", 1) + utf8.len("€") + utf8.offset("aé", 2) end
