"""The customers and secrets of the recording. All of them are made up; none opens anything.

They have the form of real ones, but none the prefix and checksum by which real providers' keys are told.
"""

EMAIL = "maya.lindqvist@example.org"
SECOND_EMAIL = "tobias.okafor@example.net"
CARD = "4111 1111 1111 1111"  # the card industry's own test number
PHONE_PIN = "kestrel-0417"

LLM_KEY = "llmgw-7d41f0c2b9e84a6d-made-up"
SEARCH_TOKEN = "srch_Zk39xQvT0mL4-made-up"
IP_TOKEN = "ipq-55c1e7a90b-made-up"
CRM_PASSWORD = "Wint3r-Kestrel-90"
WEBHOOK_SECRET = "whs_2b6c81f4d07e-made-up"
DEPLOY_KEY = "dpl-90ad33f1-made-up"
CALLER_TOKEN = "crm-41d7-ember-made-up"
DATABASE_PASSWORD = "Quartz-Ferry-1188"
# {"alg":"none","typ":"JWT"} . {"sub":"made-up","use":"demonstration"} . "not a real signature"
AGENT_JWT = (
    "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    ".eyJzdWIiOiJtYWRlLXVwIiwidXNlIjoiZGVtb25zdHJhdGlvbiJ9"
    ".bm90IGEgcmVhbCBzaWduYXR1cmU"
)

# Each with the place where it stands in the recording.
PLANTED = [
    (EMAIL, "webhook.payload, ticket.description, db.query.text, gen_ai.prompt"),
    (SECOND_EMAIL, "webhook.payload, ticket.description"),
    (CARD, "ticket.description"),
    (PHONE_PIN, "ticket.description, as 'password: ...'"),
    (LLM_KEY, "api_key, an authorization header, an exception's message and stack trace, a status message"),
    (SEARCH_TOKEN, "the query of url.full, as token"),
    (IP_TOKEN, "the query of url.full, as access_token"),
    (CRM_PASSWORD, "crm.password"),
    (WEBHOOK_SECRET, "webhook_secret, on a span and on an event"),
    (DEPLOY_KEY, "deployment.api_key, on the resource"),
    (CALLER_TOKEN, "the caller's trace state, as 'token:...'"),
    (DATABASE_PASSWORD, "db.connection, as a URL's password"),
    (AGENT_JWT, "http.request.header.authorization, an array"),
]
