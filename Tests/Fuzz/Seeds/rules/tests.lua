test "every field" {
  settings = { after = "2s" },
  given = span {
    name = "a", kind = kind.client, start_time = 1, duration = duration "61s", trace_state = "ot=th:8",
    trace_id = "0af7651916cd43dd8448eb211c80319c", span_id = "b7ad6b7169203331", parent_span_id = "00f067aa0ba902b7",
    flags = 1, attributes = { a = 1, b = array { 1.5, true }, c = map { d = "e" }, f = bytes "g" },
    events = { event { name = "x", time = 5, attributes = { y = "z" } } },
    links = { link { trace_state = "a=b", attributes = { l = 1 } } },
    status = { code = status.error, message = "m" }, resource = { r = "s" },
    scope = { name = "n", version = "1", attributes = { t = 2 } },
  },
  expect = span { name = "b" }, nowhere = { "secret" }, dropped = "ratio",
}
