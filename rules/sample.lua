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

local function has_priority(span) return span.attributes["sampling.priority"] == 1 end

-- Traces are of one kind where their roots have the same service and name; those without a root are one kind.
local function kind_of(trace)
  local root = trace.root
  return root and (root.resource["service.name"] or "") .. " " .. root.name
end

-- The first line that fits keeps a trace. Of what is left a share stays, and where per_second is set about so many a
-- second: rare kinds whole, common ones by a share that the host works out.
local function sample_trace(trace)
  if trace.error_count > 0 then return trace:keep "error" end
  if trace.duration > settings.slow then return trace:keep "slow" end
  if trace:any(has_priority) then return trace:keep "priority" end
  trace:sample(settings.ratio, "ratio")
  if settings.per_second > 0 then trace:sample_dynamic(settings.per_second, "rate", kind_of(trace)) end
end

return rule {
  about = "Keeps errors, slow spans and a share of the rest.",
  can = {
    read = {
      "name", "status.code", "attributes.slow_trace", "attributes.sampling.priority", "resource.service.name",
      "trace.duration", "trace.error_count",
    },
    sample = { "error", "slow", "priority", "ratio", "rate" },
    sample_reason = "sampling.reason",
  },
  on_span = not settings.whole_trace and sample_span,
  on_trace = settings.whole_trace and sample_trace,
}
