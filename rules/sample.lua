-- A ratio of 0.1 keeps one trace in ten, the same traces on every host.
local settings = settings { ratio = ratio(1.0) }

return rule {
  about = "Keeps errors, slow spans and a share of the rest.",
  can = { read = { "status.code", "attributes.slow_trace" }, sample = { "error", "slow", "ratio" } },
  on_span = function(span)
    if span.status.code == status.error then return span:keep "error" end
    if span.attributes.slow_trace then return span:keep "slow" end
    span:sample(settings.ratio, "ratio")
  end,
}
