-- Ops may let up to 500 characters through; more needs another version of this file.
local settings = settings { description = count(100, { max = 500 }) }

return rule {
  about = "Cuts ticket descriptions.",
  hide = { cut(match.names { "ticket.description" }, settings.description) },
}
