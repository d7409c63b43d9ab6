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
