-- A ratio of 0.1 keeps one trace in ten, the same traces on every host. With whole_trace, spans are held until their
-- trace is complete, and it stays or goes as a whole.
local settings = settings {
  ratio = ratio(1.0), whole_trace = flag(false), slow = duration "60s", per_second = count(0),
}

local function sample_span(span)
  if span.status.code == status.error then return span:keep "error" end
  if span.attributes.slow_trace then return span:keep "slow" end
  span:sample(settings.ratio, "ratio")
end

-- The first line that fits keeps a trace. Of what is left, a share stays.
local policy = {
  { keep = "error", errors = 1 },
  { keep = "slow", duration = settings.slow },
  { keep = "attribute", key = "sampling.priority", value = 1 },
  { sample = "ratio", ratio = settings.ratio },
}

-- And of each service at most so many a second; 0 is without a limit. With one, nobody knows how likely a trace was to
-- stay, so the host writes no threshold.
if settings.per_second > 0 then
  table.insert(policy, { limit = "rate", per_second = settings.per_second, by = "service.name" })
end

local function fits(line, trace)
  if line.errors then return trace.error_count >= line.errors end
  if line.duration then return trace.duration > line.duration end
  return trace:any(function(span) return span.attributes[line.key] == line.value end)
end

local function sample_trace(trace)
  for _, line in ipairs(policy) do
    if line.sample then
      trace:sample(line.ratio, line.sample)
    elseif line.limit then
      trace:rate_limit(line.per_second, line.limit, trace.root and trace.root.resource[line.by])
    elseif fits(line, trace) then
      return trace:keep(line.keep)
    end
  end
end

return rule {
  about = "Keeps errors, slow spans and a share of the rest.",
  can = {
    read = {
      "status.code", "attributes.slow_trace", "attributes.sampling.priority", "resource.service.name",
      "trace.duration", "trace.error_count",
    },
    sample = { "error", "slow", "attribute", "ratio", "rate" },
  },
  on_span = not settings.whole_trace and sample_span,
  on_trace = settings.whole_trace and sample_trace,
}
