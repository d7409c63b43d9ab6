-- Hides secrets wherever text can stand: by the words in keys, and by what they look like inside text.
return rule {
  about = "Hides secrets, personal data in text, and whole webhook payloads.",
  hide = {
    match.words(list "secret_words", { except = list "harmless_names" }),
    match.text { "assignment", "credit_card", "email", "jwt", "bearer_token", "private_key", "url_credentials",
                 "signed_url", "vendor_token" },
    remove(match.names { "webhook.payload", "webhook.body", "http.request.body", "http.response.body" }),
  },
}
