"""How the helpdesk signs its webhooks, and the app checks them."""

import hashlib
import hmac

import made_up


def signature(body: bytes) -> str:
    return hmac.new(made_up.WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
