"""The tickets and the secrets of the example. All of them are made up; none opens anything."""

import hashlib
import hmac
import json

EMAIL = "marit.solheim@example.org"
SECOND_EMAIL = "teun.dekker@example.net"
CARD = "4111 1111 1111 1111"  # the card industry's own test number
SPOKEN_PASSWORD = "magpie-4471"
STREET = "Ropewalk 12c"

WEBHOOK_SECRET = "whs_5d80f2c719ae-made-up"
HELPDESK_TOKEN = "hd-77c1-alder-made-up"
MODEL_KEY = "llmgw-8b14f6a03c5d97e2-made-up"
MODEL_PASSWORD = "Gneiss-Heron-3390"
DOCUMENTATION_TOKEN = "dcs_Vt40kLwX9sR2-made-up"
API_KEY = "tka-1187-rowan-made-up"
DATABASE_PASSWORD = "Quartz-Badger-7042"
DEPLOY_KEY = "dpl-e05b77c4-made-up"

# What the processes are told, as services are told their secrets: by variables.
ENVIRONMENT = {
    "TICKETS_WEBHOOK_SECRET": WEBHOOK_SECRET,
    "TICKETS_MODEL_KEY": MODEL_KEY,
    "TICKETS_MODEL_PASSWORD": MODEL_PASSWORD,
    "TICKETS_DOCUMENTATION_TOKEN": DOCUMENTATION_TOKEN,
    "TICKETS_API_KEY": API_KEY,
    "TICKETS_DATABASE_URL": f"postgresql://tickets:{DATABASE_PASSWORD}@db.internal:5432/tickets",
    "TICKETS_DEPLOY_KEY": DEPLOY_KEY,
}

# Each with the places where the app puts it.
PLANTED = [
    (EMAIL, "webhook.payload, gen_ai.prompt, db.query.text, user.id, the baggage and its header"),
    (SECOND_EMAIL, "the same of another ticket"),
    (CARD, "webhook.payload, ticket.description"),
    (SPOKEN_PASSWORD, "the same, as 'password: ...'"),
    (STREET, "webhook.payload, the end of ticket.description"),
    (WEBHOOK_SECRET, "webhook_secret, on the webhook's span and on its event"),
    (HELPDESK_TOKEN, "a header that TracingMiddleware was asked to record"),
    (MODEL_KEY, "api_key, and a header that TracingMiddleware was asked to record"),
    (MODEL_PASSWORD, "an error's message, as event and as the status of a span"),
    (DOCUMENTATION_TOKEN, "url.full and url.query, of AsyncHTTPClient's span and of Hummingbird's"),
    (API_KEY, "a header that TracingMiddleware was asked to record"),
    (DATABASE_PASSWORD, "db.connection and messaging.url, as a URL's password"),
    (DEPLOY_KEY, "deployment.api_key, on the resource"),
]

# What becomes of these tickets is up to StandInModel.swift.
FAILING_TICKET = "TCK-3002"
SLOW_TICKET = "TCK-3003"


def ticket(ticket_id: str, tenant: str = "tenant-4", email: str = EMAIL) -> dict:
    """A ticket as the helpdesk sends it: more about a person than a trace may hold."""
    return {
        "ticket_id": ticket_id,
        "tenant_id": tenant,
        "priority": "normal",
        "subject": "The scanner on the second floor prints every page twice",
        "requester": {"id": "u-5120", "email": email},
        "description": (
            "Good morning, since Monday the scanner on our second floor prints every page twice, and both copies are charged"
            f" to us. I have paid with the card {CARD} and would like the money back. Whoever comes logs in at the panel,"
            f" password: {SPOKEN_PASSWORD}, and finds us at {STREET}. You reach me under {email} until noon."
        ),
    }


TICKETS = [
    ticket("TCK-3001"),
    ticket(FAILING_TICKET),
    ticket(SLOW_TICKET, "tenant-9", SECOND_EMAIL),
    ticket("TCK-3004", "tenant-9"),
    ticket("TCK-3005"),
]


def signed(content: dict, as_if: dict | None = None) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of a webhook; `as_if` has the signature of another."""
    body = json.dumps(content).encode()
    signature = hmac.new(WEBHOOK_SECRET.encode(), json.dumps(as_if or content).encode(), hashlib.sha256)
    return body, {
        "content-type": "application/json",
        "authorization": f"Bearer {HELPDESK_TOKEN}",
        "x-webhook-signature": signature.hexdigest(),
    }
