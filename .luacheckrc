-- What luacheck knows of the rule language: the words that a rule, a test and a chain each have, and no other globals.
max_line_length = 120

local functions = { "assert", "error", "ipairs", "pairs", "pcall", "select", "tonumber", "tostring", "type", "_VERSION" }

local function fields(names)
  local known = {}
  for name in names:gmatch("%S+") do known[name] = {} end
  return { fields = known }
end

-- The library that rules have, and these words beside it.
local function globals(words)
  local known = {
    string = fields "byte char find format gmatch gsub len lower match rep reverse sub upper",
    table = fields "concat insert move pack remove sort unpack",
    math = fields "abs ceil exp floor fmod log max min modf sqrt tointeger type ult pi huge maxinteger mininteger",
    utf8 = fields "char codepoint codes len offset charpattern",
  }
  for _, name in ipairs(functions) do known[name] = {} end
  for name, definition in pairs(words) do known[name] = definition end
  return { read_globals = known }
end

local status = fields "unset ok error"
local kind = fields "unspecified internal server client producer consumer"

stds.rule = globals {
  status = status, kind = kind, array = {}, map = {}, duration = {},
  rule = {}, mark = {}, remove = {}, pseudonym = {}, keep_last = {}, cut = {}, limit = {},
  count = {}, ratio = {}, flag = {}, choice = {}, settings = {}, list = {},
  match = fields "words names prefixes values text patterns query",
}
stds.test = globals {
  status = status, kind = kind, array = {}, map = {}, duration = {},
  span = {}, event = {}, link = {}, bytes = {}, test = {},
}
stds.chain = globals { chain = {} }

std = "rule"
files["**/*.test.lua"] = { std = "test" }
files["**/chain.lua"] = { std = "chain" }
-- Definitions for editors declare what is defined here, and have no code.
exclude_files = { "Editors", ".build" }
