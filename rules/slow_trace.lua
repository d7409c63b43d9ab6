-- With whole_trace, spans are held until their trace is complete, and all of a slow one are tagged.
local settings = settings { threshold = duration "60s", whole_trace = flag(false) }

local function tag_span(span)
  if span.duration > settings.threshold then
    span.attributes.slow_trace = true
    span.attributes.duration_ms = span.duration_ms
  end
end

local function tag_trace(trace)
  if trace.duration <= settings.threshold then return end
  trace:set("slow_trace", true)
  -- Where the trace spent most of its time; a small share says that it waited between its spans.
  local slowest, longest = nil, 0
  for _, span in ipairs(trace:critical_path()) do
    local time = trace:self_time(span)
    if time > longest then slowest, longest = span, time end
  end
  if slowest then
    trace.root:set("slow_trace_span", slowest)
    trace.root:set("slow_trace_share", longest / trace.duration)
  end
end

return rule {
  about = "Tags spans that took too long, or all spans of traces that did.",
  can = {
    read = { "duration", "trace.duration" },
    set = {
      slow_trace = "boolean", duration_ms = "integer", slow_trace_span = "span_name", slow_trace_share = "number",
    },
  },
  on_span = not settings.whole_trace and tag_span,
  on_trace = settings.whole_trace and tag_trace,
}
