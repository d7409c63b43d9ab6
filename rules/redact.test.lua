test "a secret goes, whatever way its name is written" {
  given = span { attributes = {
    ["api_key"] = "sk-hunter2", ["x-api-key"] = "sk-hunter2", ["apiKey"] = "sk-hunter2",
    ["http.request.header.authorization"] = array { "Bearer hunter2" }, ["db.password"] = 12345, otp = 482913,
  } },
  expect = span { attributes = {
    ["api_key"] = "[REDACTED]", ["x-api-key"] = "[REDACTED]", ["apiKey"] = "[REDACTED]",
    ["http.request.header.authorization"] = "[REDACTED]", ["db.password"] = "[REDACTED]",
    otp = "[REDACTED]",
  } },
  nowhere = { "hunter2", "12345", "482913" },
}

test "secrets go from events, links, nested maps, resource and scope too" {
  given = span {
    attributes = { request = map { headers = map { cookie = "hunter2", accept = "text/html" } } },
    events = { event { name = "login", attributes = { password = "hunter2", user = "ada" } } },
    links = { link { attributes = { token = "hunter2" } } },
    resource = { ["service.name"] = "tickets", ["db.connection_string"] = "hunter2" },
    scope = { name = "app", attributes = { secret = "hunter2" } },
  },
  expect = span {
    attributes = { request = map { headers = map { cookie = "[REDACTED]", accept = "text/html" } } },
    events = { event { name = "login", attributes = { password = "[REDACTED]", user = "ada" } } },
    links = { link { attributes = { token = "[REDACTED]" } } },
    resource = { ["service.name"] = "tickets", ["db.connection_string"] = "[REDACTED]" },
    scope = { name = "app", attributes = { secret = "[REDACTED]" } },
  },
  nowhere = { "hunter2" },
}

test "names that only look like secrets stay" {
  given = span { attributes = {
    ["llm.tokens.prompt"] = 812, ["llm.token_count.total"] = 1200, ["gen_ai.usage.input_tokens"] = 812,
    ["token_type"] = "Bearer", ["auth.method"] = "password", ["session.timeout"] = "30m",
    ["session.id"] = "6f1c", author = "Ada", passage = "12b", tokenizer = "bpe", compass = "north",
  } },
  expect = span {},
}

test "a webhook's payload goes whole" {
  given = span { name = "webhook", attributes = { ["webhook.payload"] = "{\"card\":\"4111\"}", tenant_id = "t-1" } },
  expect = span { name = "webhook", attributes = { tenant_id = "t-1" } },
  nowhere = { "4111" },
}
