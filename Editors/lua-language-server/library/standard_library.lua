---@meta _

-- What rules have of Lua's own library. The settings in .luarc.json take the server's definitions away, since they have
-- more: no files, no clock, no loading of code, no metatables.

---@type string
_VERSION = "Lua 5.4"

---Fails unless the value is true.
---@generic T
---@param value? T
---@param message? any
---@param ... any
---@return T
---@return any ...
function assert(value, message, ...) end

---Fails; the text is never shown, since it could hold a value of the span.
---@param message any
---@param level? integer
function error(message, level) end

---@generic V
---@param list V[] | table<integer, V>
---@return fun(list: V[], index?: integer): integer, V
---@return V[]
---@return integer
function ipairs(list) end

---@generic K, V
---@param values table<K, V> | { [K]: V }
---@return fun(values: table<K, V>, key?: K): K, V
function pairs(values) end

---Calls a function; false and what it failed with where it fails. A limit that is reached is not caught.
---@param body fun(...): ...
---@param ... any
---@return boolean succeeded
---@return any ...
function pcall(body, ...) end

---@param first integer | "#"
---@param ... any
---@return any ...
function select(first, ...) end

---@param value any
---@param base? integer 2 to 36, for a string
---@return number?
function tonumber(value, base) end

---@param value any
---@return string
function tostring(value) end

---@param value any
---@return "nil" | "boolean" | "number" | "string" | "table" | "function" | "userdata"
function type(value) end

---@class stringlib
string = {}

---@param text string | number
---@param first? integer
---@param last? integer
---@return integer ...
function string.byte(text, first, last) end

---@param ... integer
---@return string
function string.char(...) end

---@param text string | number
---@param pattern string | number
---@param start? integer
---@param plain? boolean
---@return integer? first
---@return integer? last
---@return any ...
function string.find(text, pattern, start, plain) end

---@param format string | number
---@param ... any
---@return string
function string.format(format, ...) end

---@param text string | number
---@param pattern string | number
---@param start? integer
---@return fun(): string, ...
function string.gmatch(text, pattern, start) end

---@param text string | number
---@param pattern string | number
---@param replacement string | number | table | function
---@param most? integer
---@return string
---@return integer count
function string.gsub(text, pattern, replacement, most) end

---@param text string | number
---@return integer
function string.len(text) end

---@param text string | number
---@return string
function string.lower(text) end

---@param text string | number
---@param pattern string | number
---@param start? integer
---@return any ...
function string.match(text, pattern, start) end

---@param text string | number
---@param count integer
---@param separator? string | number
---@return string
function string.rep(text, count, separator) end

---@param text string | number
---@return string
function string.reverse(text) end

---@param text string | number
---@param first integer
---@param last? integer
---@return string
function string.sub(text, first, last) end

---@param text string | number
---@return string
function string.upper(text) end

---@class tablelib
table = {}

---@param list (string | number)[]
---@param separator? string | number
---@param first? integer
---@param last? integer
---@return string
function table.concat(list, separator, first, last) end

---@generic V
---@param list V[]
---@param position integer
---@param value V
---@overload fun(list: any[], value: any)
function table.insert(list, position, value) end

---@generic V
---@param from V[]
---@param first integer
---@param last integer
---@param start integer
---@param to? V[]
---@return V[]
function table.move(from, first, last, start, to) end

---@param ... any
---@return { n: integer, [integer]: any }
function table.pack(...) end

---@generic V
---@param list V[]
---@param position? integer
---@return V?
function table.remove(list, position) end

---@generic V
---@param list V[]
---@param before? fun(left: V, right: V): boolean
function table.sort(list, before) end

---@generic V
---@param list V[]
---@param first? integer
---@param last? integer
---@return V ...
function table.unpack(list, first, last) end

---@class mathlib
math = {
  pi = 3.141592653589793,
  huge = 1e309,
  maxinteger = 9223372036854775807,
  mininteger = -9223372036854775807 - 1,
}

---@generic N: number
---@param value N
---@return N
function math.abs(value) end

---@param value number
---@return integer
function math.ceil(value) end

---@param value number
---@return number
function math.exp(value) end

---@param value number
---@return integer
function math.floor(value) end

---@param value number
---@param divisor number
---@return number
function math.fmod(value, divisor) end

---@param value number
---@param base? number
---@return number
function math.log(value, base) end

---@generic N: number
---@param value N
---@param ... N
---@return N
function math.max(value, ...) end

---@generic N: number
---@param value N
---@param ... N
---@return N
function math.min(value, ...) end

---@param value number
---@return number whole
---@return number rest
function math.modf(value) end

---@param value number
---@return number
function math.sqrt(value) end

---@param value any
---@return integer?
function math.tointeger(value) end

---@param value any
---@return "integer" | "float" | nil
function math.type(value) end

---@param left integer
---@param right integer
---@return boolean
function math.ult(left, right) end

---@class utf8lib
utf8 = {
  charpattern = "[\0-\x7F\xC2-\xFD][\x80-\xBF]*",
}

---@param ... integer
---@return string
function utf8.char(...) end

---@param text string
---@param first? integer
---@param last? integer
---@param lax? boolean
---@return integer ...
function utf8.codepoint(text, first, last, lax) end

---@param text string
---@param lax? boolean
---@return fun(text: string, position?: integer): integer, integer
---@return string
---@return integer
function utf8.codes(text, lax) end

---@param text string
---@param first? integer
---@param last? integer
---@param lax? boolean
---@return integer?
---@return integer? position of what is no UTF-8
function utf8.len(text, first, last, lax) end

---@param text string
---@param count integer
---@param start? integer
---@return integer?
function utf8.offset(text, count, start) end
