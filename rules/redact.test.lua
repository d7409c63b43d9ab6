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

test "a secret inside a text goes, and the rest of the text stays" {
  given = span {
    name = "mail to jo.doe@example.org",
    status = { code = status.error, message = "card 4111 1111 1111 1111 was declined" },
    attributes = {
      ["db.connection"] = "postgres://app:hunter2@db.example.com:5432/tickets",
      ["url.full"] = "https://api.example.com/search?q=printer&access_token=hunter2&page=2",
      ["log.line"] = "retrying with password=hunter2 in 5 s",
      ["request.body"] = '{"user": "ada", "client_secret": "hunter2"}',
    },
    events = { event { name = "sent Authorization: Bearer hunter2-7f3a9c", attributes = { tries = 2 } } },
  },
  expect = span {
    name = "mail to [REDACTED]",
    status = { code = status.error, message = "card [REDACTED] was declined" },
    attributes = {
      ["db.connection"] = "postgres://[REDACTED]@db.example.com:5432/tickets",
      ["url.full"] = "https://api.example.com/search?q=printer&access_token=[REDACTED]&page=2",
      ["log.line"] = "retrying with password=[REDACTED] in 5 s",
      ["request.body"] = '{"user": "ada", "client_secret": "[REDACTED]"}',
    },
    events = { event { name = "sent Authorization: [REDACTED]", attributes = { tries = 2 } } },
  },
  nowhere = { "hunter2", "jo.doe", "1111" },
}

test "secrets that are known by their form go, whatever stands around them" {
  given = span { attributes = {
    signed = "https://files.example.com/a.pdf?X-Amz-Expires=900&X-Amz-Signature=5a3f9c0e1d2b4a6857",
    seen = "got eyJhbGciOiJub25lIn0.eyJzdWIiOiJzYW1wbGUifQ.c2FtcGxlLXNpZw from the gateway",
    pem = "-----BEGIN PRIVATE KEY-----\nc2FtcGxlLXNhbXBsZQ==\n-----END PRIVATE KEY-----",
    -- Put together, so that scanners of repositories do not take it for a real one.
    pushed = "remote refused ghp" .. "_" .. string.rep("sample", 6),
  } },
  expect = span { attributes = {
    signed = "https://files.example.com/a.pdf?X-Amz-Expires=900&X-Amz-Signature=[REDACTED]",
    seen = "got [REDACTED] from the gateway",
    pem = "[REDACTED]",
    pushed = "remote refused [REDACTED]",
  } },
}

test "a card's number goes from numbers, arrays, keys and bytes too" {
  given = span { attributes = {
    paid_with = 4111111111111111, cards = array { "4111-1111-1111-1111", 7 }, raw = bytes "card 4111111111111111",
    ["4111111111111111"] = "declined",
  } },
  expect = span { attributes = {
    paid_with = "[REDACTED]", cards = array { "[REDACTED]", 7 }, raw = bytes "card [REDACTED]",
    ["[REDACTED]"] = "declined",
  } },
  nowhere = { "4111111111111111", "4111-1111" },
}

test "text that only looks like a secret stays" {
  given = span {
    name = "GET /users/{id}/token",
    status = { message = "token: expired" },
    attributes = {
      order = "4111111111111112", id = "4111-1111-1111", trace = "0af7651916cd43dd8448eb211c80319c",
      ["db.query.text"] = "SELECT id FROM users WHERE password = $1 AND email = $2",
      version = "requests@2.32.3", host = "root@web01", about = "Basic authentication is on",
      ["url.full"] = "https://example.com:8443/a@b?page=2",
    },
  },
  expect = span {},
}
