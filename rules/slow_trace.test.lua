test "a span of more than 60 seconds is tagged" {
  given = span { duration = duration "61s", attributes = { tenant_id = "t-1" } },
  expect = span { attributes = { tenant_id = "t-1", slow_trace = true, duration_ms = 61000 } },
}

test "a span of 60 seconds is not" {
  given = span { duration = duration "60s" },
  expect = span {},
}

test "ops can set the threshold" {
  settings = { threshold = "500ms" },
  given = span { duration = duration "1s" },
  expect = span { attributes = { slow_trace = true, duration_ms = 1000 } },
}

test "with whole_trace every span of a slow trace is tagged, and the root says which span it was" {
  settings = { whole_trace = true },
  given = {
    span { name = "POST /tickets", duration = duration "80s" },
    span { name = "load tenant", duration = duration "1s" },
    span { name = "summarize", start_time = 1700000002000000000, end_time = 1700000078000000000 },
  },
  expect = {
    span { attributes = { slow_trace = true, slow_trace_span = "summarize", slow_trace_share = 0.95 } },
    span { attributes = { slow_trace = true } },
    span { attributes = { slow_trace = true } },
  },
}

test "a trace that is slow by waiting in a queue has no slow span" {
  settings = { whole_trace = true },
  given = {
    span { name = "POST /tickets", duration = duration "2s" },
    span { name = "handle ticket", start_time = 1700000098000000000, end_time = 1700000100000000000 },
  },
  expect = {
    span { attributes = { slow_trace = true, slow_trace_span = "POST /tickets", slow_trace_share = 0.02 } },
    span { attributes = { slow_trace = true } },
  },
}

test "without its root a slow trace is tagged all the same" {
  settings = { whole_trace = true },
  given = {
    span { duration = duration "61s", parent_span_id = "00f067aa0ba902b7" },
    span { duration = duration "1s", parent_span_id = "00f067aa0ba902b7" },
  },
  expect = { span { attributes = { slow_trace = true } }, span { attributes = { slow_trace = true } } },
}

test "a trace of 60 seconds is not tagged" {
  settings = { whole_trace = true },
  given = { span { duration = duration "60s" }, span { duration = duration "59s" } },
  expect = { span {}, span {} },
}
