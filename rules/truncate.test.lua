local hundred = string.rep("a", 100)

test "a long description keeps its first 100 characters" {
  given = span { attributes = { ["ticket.description"] = hundred .. "the rest" } },
  expect = span { attributes = { ["ticket.description"] = hundred .. "..." } },
  nowhere = { "the rest" },
}

test "a description of 100 characters stays as it is" {
  given = span { attributes = { ["ticket.description"] = hundred } },
  expect = span {},
}

test "characters are counted, not bytes" {
  given = span { attributes = { ["ticket.description"] = string.rep("ä", 101) } },
  expect = span { attributes = { ["ticket.description"] = string.rep("ä", 100) .. "..." } },
}

test "ops can set the length" {
  settings = { description = "3" },
  given = span { attributes = { ["ticket.description"] = "printer" } },
  expect = span { attributes = { ["ticket.description"] = "pri..." } },
}
