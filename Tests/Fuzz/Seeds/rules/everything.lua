local settings = settings {
  after = duration("1s", { min = "1ms", max = "2h" }), most = count(3, { max = 9 }), share = ratio(0.5),
  on = flag(true), mode = choice("a", { "a", "b" }),
}
local cards = match.names { "card" }
local function longer(span, limit) return span.duration > limit and #span.name >= 0 end
return rule {
  about = "Uses every word.",
  hide = {
    match.words(list "secret_words", { except = { "session.id", "llm.*" } }), mark(match.prefixes { "vendor." }),
    remove(match.values { "secret" }), cut(match.names { "text" }, settings.most),
    limit { attributes = 100, events = 10, links = 10 },
  },
  can = {
    read = { "*" }, set = { slow = "boolean", n = "integer", x = "number", tier = { "gold", "none" } },
    rewrite = { "name", "status.message", "status.code", "attributes.note*" },
    sample = { "slow", "ratio" }, drop = { "health" },
  },
  on_failure = "strip",
  on_span = function(span)
    if span.name == "health" then return span:drop "health" end
    if longer(span, settings.after) then span:keep "slow" end
    for key, value in pairs(span.attributes) do
      if type(value) == "string" and key:find("^http%.") then span.attributes["note." .. key] = value:upper() end
    end
    for i = 1, #span.events do
      if span.events[i].name == "login" and span.events[i].attributes.user then span:hide(cards) end
    end
    if #span.links > 0 and span.links[1].trace_id ~= span.trace_id then span.attributes.n = #span.links end
    span.attributes.slow = settings.on
    span.attributes.x = span.duration_ms / 3
    span.attributes.tier = settings.mode == "a" and "gold" or "none"
    span.attributes["note.list"] = array { 1, 2.5, "x", map { k = true } }
    span.attributes.none = nil
    if span.kind == kind.server and span.status.code == status.error then span.status.message = "failed" end
    if span.resource["service.name"] == "tickets" then span:rate_limit(10, "ratio") end
    if span.scope.attributes.s == 1 then span:sample(settings.share, "ratio") end
    span.name = span.scope.name .. (span.parent_span_id or "")
  end,
}
