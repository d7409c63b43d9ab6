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

test "with whole_trace one error keeps the whole trace" {
  settings = { ratio = "0", whole_trace = true },
  given = { span {}, span { status = { code = status.error } }, span {} },
  kept = "error",
}

test "so does a long time from its first start to its last end" {
  settings = { ratio = "0", whole_trace = true, slow = "10s" },
  given = { span {}, span { start_time = 1700000011000000000, end_time = 1700000011500000000 } },
  kept = "slow",
}

test "so does an attribute on any span" {
  settings = { ratio = "0", whole_trace = true },
  given = { span {}, span { attributes = { ["sampling.priority"] = 1 } } },
  kept = "attribute",
}

test "of the rest whole traces go" {
  settings = { ratio = "0", whole_trace = true },
  given = { span {}, span {} },
  dropped = "ratio",
}

test "within the rate they stay" {
  settings = { whole_trace = true, per_second = 1 },
  given = { span { resource = { ["service.name"] = "tickets" } }, span {} },
  expect = { span {}, span {} },
}
