test "by default every span is kept" {
  given = span { name = "GET /tickets" },
  expect = span {},
}

test "a ratio of 0 drops what nothing else keeps" {
  settings = { ratio = "0" },
  given = span { name = "GET /tickets" },
  dropped = "ratio",
}

test "errors are kept all the same" {
  settings = { ratio = "0" },
  given = span { status = { code = status.error } },
  kept = "error",
}

test "so are slow spans" {
  settings = { ratio = "0" },
  given = span { attributes = { slow_trace = true } },
  kept = "slow",
}

test "with whole_trace one error keeps the whole trace, and every span says why it stays" {
  settings = { ratio = "0", whole_trace = true },
  given = { span {}, span { status = { code = status.error } }, span { attributes = { tenant_id = "t-1" } } },
  kept = "error",
  expect = {
    span { attributes = { ["sampling.reason"] = "error" } },
    span { attributes = { ["sampling.reason"] = "error" } },
    span { attributes = { tenant_id = "t-1", ["sampling.reason"] = "error" } },
  },
}

test "so does a long time from its first start to its last end" {
  settings = { ratio = "0", whole_trace = true, slow = "10s" },
  given = { span {}, span { start_time = 1700000011000000000, end_time = 1700000011500000000 } },
  kept = "slow",
}

test "and a priority on any span" {
  settings = { ratio = "0", whole_trace = true },
  given = { span {}, span { attributes = { ["sampling.priority"] = 1 } } },
  kept = "priority",
}

test "a trace of ten seconds is not slow, and a priority of 0 keeps nothing" {
  settings = { ratio = "0", whole_trace = true, slow = "10s" },
  given = { span { duration = duration "10s", attributes = { ["sampling.priority"] = 0 } } },
  dropped = "ratio",
}

test "of the rest a share stays" {
  settings = { ratio = "0.5", whole_trace = true },
  given = { span { trace_id = "000000000000000000ffffffffffffff" }, span {} },
  expect = {
    span { trace_state = "ot=th:8", attributes = { ["sampling.reason"] = "ratio" } },
    span { trace_state = "ot=th:8", attributes = { ["sampling.reason"] = "ratio" } },
  },
}

test "and the others go as a whole" {
  settings = { ratio = "0", whole_trace = true },
  given = { span {}, span {} },
  dropped = "ratio",
}

test "with per_second a trace of a rare kind stays" {
  settings = { whole_trace = true, per_second = 1 },
  given = { span { resource = { ["service.name"] = "tickets" } }, span {} },
  expect = {
    span { attributes = { ["sampling.reason"] = "rate" } }, span { attributes = { ["sampling.reason"] = "rate" } },
  },
}

test "without its root, too" {
  settings = { whole_trace = true, per_second = 1 },
  given = { span { parent_span_id = "00f067aa0ba902b7" } },
  dropped = false,
}
