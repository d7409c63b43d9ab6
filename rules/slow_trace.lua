local settings = settings { threshold = duration "60s" }

return rule {
  about = "Tags spans that took too long.",
  can = { read = { "duration" }, set = { slow_trace = "boolean", duration_ms = "integer" } },
  on_span = function(span)
    if span.duration > settings.threshold then
      span.attributes.slow_trace = true
      span.attributes.duration_ms = span.duration_ms
    end
  end,
}
