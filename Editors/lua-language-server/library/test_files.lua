---@meta _

-- The words of `NAME.test.lua` beside those of rules, for lua-language-server. Nothing here runs.

---@class (exact) TestStatus
---@field code? integer
---@field message? string

---@class (exact) TestScope
---@field name? string
---@field version? string
---@field attributes? table<string, any>

---@class (exact) TestEvent
---@field name? string
---@field time? integer
---@field attributes? table<string, any>

---@class (exact) TestLink
---@field trace_state? string
---@field attributes? table<string, any>

---@class (exact) TestSpan
---@field name? string
---@field kind? integer
---@field status? TestStatus
---@field duration? number `duration "61s"`, or seconds
---@field start_time? integer
---@field end_time? integer
---@field trace_id? string 32 hexadecimal digits
---@field span_id? string 16 hexadecimal digits
---@field parent_span_id? string 16 hexadecimal digits
---@field trace_state? string
---@field flags? integer
---@field attributes? table<string, any> in `expect` all attributes of the span that leaves
---@field resource? table<string, any>
---@field scope? TestScope
---@field events? TestEvent[]
---@field links? TestLink[]

---@class (exact) TestFields
---@field given TestSpan | TestSpan[] the span that goes in, or those of a trace
---@field expect? TestSpan | TestSpan[] what comes out; what it does not name is as it was given
---@field dropped? string | boolean the reason for which the span must go; `true` for any, `false` where it must stay
---@field kept? string | boolean the reason of the first keep; `true` for any, `false` where none must come
---@field nowhere? string[] texts that must not stand anywhere in what leaves
---@field fails? boolean whether the rule must fail on this span
---@field settings? table<string, string | number | boolean> settings for this test

---A test of the rule beside it: `test "what it shows" { … }`.
---@param name string
---@return fun(fields: TestFields)
function test(name) end

---@param fields TestSpan
---@return TestSpan
function span(fields) end

---@param fields TestEvent
---@return TestEvent
function event(fields) end

---@param fields TestLink
---@return TestLink
function link(fields) end

---A value that is bytes.
---@param text string
---@return any
function bytes(text) end
