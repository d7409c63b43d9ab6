-- Hides secrets in attributes, events, links, resource and scope, by the words in their keys.
return rule {
  about = "Hides secrets and whole webhook payloads.",
  hide = {
    match.words(list "secret_words", { except = list "harmless_names" }),
    remove(match.names { "webhook.payload", "webhook.body", "http.request.body", "http.response.body" }),
  },
}
