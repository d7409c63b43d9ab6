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
