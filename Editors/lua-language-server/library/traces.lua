---@meta _

-- The trace, as `on_trace` sees it, for lua-language-server. Nothing here runs.

---A span of a trace: read as in `on_span`, with the values that hiding left, and never written.
---@class TraceSpan: Span
local TraceSpan = {}

---Sets an attribute on this span.
---@param key string one that `can.set` declares
---@param value boolean | number | string | TraceSpan
function TraceSpan:set(key, value) end

---@class Trace
---@field id string hexadecimal digits
---@field duration number seconds, from the earliest start to the latest end
---@field duration_ms integer whole milliseconds
---@field root? TraceSpan `nil` where it has not come
---@field complete boolean whether the root has come and nothing was decided early
---@field span_count integer
---@field error_count integer
---@field services string[] different names, in the order in which they came
---@field spans TraceSpan[] in the order in which they came
local Trace = {}

---Whether it holds for one span.
---@param test fun(span: TraceSpan): any
---@return boolean
function Trace:any(test) end

---Whether it holds for every span.
---@param test fun(span: TraceSpan): any
---@return boolean
function Trace:all(test) end

---Whether it holds for no span.
---@param test fun(span: TraceSpan): any
---@return boolean
function Trace:none(test) end

---Whether a span is of this service.
---@param service string
---@return boolean
function Trace:touches(service) end

---Seconds of a span in which none of its children ran.
---@param span TraceSpan
---@return number
function Trace:self_time(span) end

---The spans that the trace waited for, from the root on; empty without a root.
---@return TraceSpan[]
function Trace:critical_path() end

---Sets an attribute on every span.
---@param key string one that `can.set` declares
---@param value boolean | number | string
function Trace:set(key, value) end

---The trace stays, whatever a later rule samples.
---@param reason string one that `can.sample` declares
function Trace:keep(reason) end

---Of ten traces one stays with a ratio of 0.1, the same on every host.
---@param ratio number 0 to 1
---@param reason string one that `can.sample` declares
function Trace:sample(ratio, reason) end

---The trace goes.
---@param reason string one that `can.drop` declares
function Trace:drop(reason) end

---So many traces a second stay, counted by rule and reason, and apart for each group.
---@param traces_per_second number
---@param reason string one that `can.sample` declares
---@param group? string
function Trace:rate_limit(traces_per_second, reason, group) end

---About so many traces a second stay: those of rare kinds whole, of common ones a share that the host works out.
---@param traces_per_second number
---@param reason string one that `can.sample` declares
---@param key? string what makes traces one kind
function Trace:sample_dynamic(traces_per_second, reason, key) end
