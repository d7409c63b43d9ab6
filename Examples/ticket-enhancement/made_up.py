"""The tickets and the secrets of the example. All of them are made up; none opens anything."""

EMAIL = "ingrid.vasquez@example.org"
SECOND_EMAIL = "samuel.achterberg@example.net"
CARD = "5555 5555 5555 4444"  # the card industry's own test number
SPOKEN_PASSWORD = "heron-2290"
STREET = "Harbour Lane 41b"

WEBHOOK_SECRET = "whs_91c4e07ab35d-made-up"
HELPDESK_TOKEN = "hd-3f8e-juniper-made-up"
LLM_KEY = "llmgw-c03e85d17a9b42f6-made-up"
DOCUMENTATION_TOKEN = "dcs_Qm71bYtR5xW8-made-up"
TICKET_API_KEY = "tka-6620-larch-made-up"
DATABASE_PASSWORD = "Basalt-Otter-5127"
REDIS_PASSWORD = "Fjord-Lantern-8836"
DEPLOY_KEY = "dpl-4be19a02-made-up"

# Each with the place where the app puts it.
PLANTED = [
    (EMAIL, "webhook.payload, ticket.description, gen_ai.prompt, db.query.text"),
    (SECOND_EMAIL, "webhook.payload, ticket.description, gen_ai.prompt, db.query.text"),
    (CARD, "webhook.payload, ticket.description"),
    (SPOKEN_PASSWORD, "webhook.payload, ticket.description, as 'password: ...'"),
    (STREET, "webhook.payload, the end of ticket.description"),
    (WEBHOOK_SECRET, "webhook_secret, on the webhook and on its event"),
    (HELPDESK_TOKEN, "http.request.header.authorization, an array"),
    (LLM_KEY, "api_key, a request's headers, an exception's message and stack trace, a status message"),
    (DOCUMENTATION_TOKEN, "the query of url.full, as token"),
    (TICKET_API_KEY, "ticket_api.key"),
    (DATABASE_PASSWORD, "db.connection, as a URL's password"),
    (REDIS_PASSWORD, "messaging.url, as a URL's password"),
    (DEPLOY_KEY, "deployment.api_key, on the resource"),
]

# What becomes of these tickets is up to the stand-in of the model.
GOOD_TICKET = "TCK-2001"
FAILING_TICKET = "TCK-2002"
SLOW_TICKET = "TCK-2003"
WAITING_TICKET = "TCK-2004"


def ticket(ticket_id: str, tenant: str, priority: str, email: str) -> dict:
    """A ticket as the helpdesk sends it: several hundred characters, and more about a person than a trace may hold."""
    return {
        "ticket_id": ticket_id,
        "tenant_id": tenant,
        "priority": priority,
        "subject": "The scanner on the second floor prints every page twice",
        "ip": "203.0.113.77",
        "requester": {"id": "u-7714", "email": email},
        "description": (
            "Good morning, since Thursday the scanner on our second floor sends every page to the printer twice, and the"
            " copies are charged to our account, too. I have restarted it and put new paper into both trays. The invoice of"
            f" this month was paid with the card {CARD}, please send the money back to it. The technician who comes needs"
            f" to log in at the panel, password: {SPOKEN_PASSWORD}, and finds us at {STREET}, the door beside the bakery."
            f" You reach me under {email} until noon, afterwards I am with a customer. I have kept all the sheets that came"
            " out twice, in case that you want to see them, and the report that the scanner prints when it is switched on."
        ),
    }
