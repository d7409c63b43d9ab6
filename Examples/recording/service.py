"""A service that enhances support tickets: a webhook brings one, context is gathered, a model writes, the ticket is updated.

It records what such services record while they are young, which is too much: whole payloads, keys, queries with tokens.
"""

import asyncio
import hashlib
import hmac
import json
import time

import httpx
from fastapi import FastAPI, HTTPException, Request
from opentelemetry import trace
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

import made_up

tracer = trace.get_tracer("ticket_service", "2.3.1")


class ModelError(Exception):
    """The model gateway did not answer with a completion."""


def signature(body: bytes) -> str:
    return hmac.new(made_up.WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()


def make_service(client: httpx.AsyncClient, backends: str) -> FastAPI:
    app = FastAPI()

    @app.post("/webhooks/tickets")
    async def receive_ticket(request: Request):
        body = await request.body()
        verify(body, request.headers.get("x-webhook-signature", ""))
        ticket = json.loads(body)
        trace.get_current_span().set_attributes(
            {
                "webhook.payload": body.decode(),
                "tenant_id": ticket["tenant_id"],
                "ticket_id": ticket["ticket_id"],
                "priority": ticket["priority"],
                "user.id": ticket["requester"]["id"],
                "session.id": ticket["session"],
            }
        )
        context = await gather_context(client, backends, ticket)
        answer = await complete(client, backends, ticket, context)
        await update_ticket(client, backends, ticket, answer)
        return {"ticket_id": ticket["ticket_id"], "status": "enhanced"}

    @app.get("/tickets/{ticket_id}")
    async def read_ticket(ticket_id: str):
        trace.get_current_span().set_attributes({"tenant_id": "tenant-17", "ticket_id": ticket_id})
        with tracer.start_as_current_span("tickets.select", kind=SpanKind.CLIENT) as span:
            span.set_attributes(
                {
                    "db.system.name": "postgresql",
                    "db.query.text": "SELECT id, status, updated_at FROM tickets WHERE id = $1",
                    "db.response.returned_rows": 1,
                }
            )
            await asyncio.sleep(0.002)
        return {"ticket_id": ticket_id, "status": "open"}

    return app


def verify(body: bytes, given: str):
    with tracer.start_as_current_span("webhook.verify") as span:
        span.set_attributes({"webhook_secret": made_up.WEBHOOK_SECRET, "webhook.body_size": len(body)})
        if not hmac.compare_digest(signature(body), given):
            span.add_event(
                "webhook.signature_mismatch",
                {"signature.given": given, "signature.algorithm": "sha256", "webhook_secret": made_up.WEBHOOK_SECRET},
            )
            span.set_status(Status(StatusCode.ERROR, "the signature does not fit the body"))
            raise HTTPException(status_code=401, detail="wrong signature")


async def gather_context(client: httpx.AsyncClient, backends: str, ticket: dict) -> dict:
    with tracer.start_as_current_span("context.gather") as span:
        with tracer.start_as_current_span("history.lookup", kind=SpanKind.CLIENT) as lookup:
            lookup.set_attributes(
                {
                    "db.system.name": "postgresql",
                    "db.connection": f"postgresql://tickets:{made_up.DATABASE_PASSWORD}@db.internal:5432/tickets",
                    "db.query.text": "SELECT t.id, t.subject, t.closed_at, t.resolution FROM tickets t JOIN requesters r"
                    f" ON r.id = t.requester_id WHERE r.email = '{ticket['requester']['email']}'"
                    " AND t.closed_at > now() - interval '180 days' ORDER BY t.closed_at DESC LIMIT 20",
                    "history.ticket_ids": ["TCK-0871", "TCK-0912", "TCK-0990"],
                    "history.scores": [0.91, 0.72, 0.64],
                }
            )
            await asyncio.sleep(0.004)
        with tracer.start_as_current_span("documentation.search"):
            documents = await client.get(
                f"{backends}/docs/search", params={"q": ticket["subject"], "token": made_up.SEARCH_TOKEN, "limit": 3}
            )
        with tracer.start_as_current_span("ip.lookup") as lookup:
            lookup.set_attribute("client.address", ticket["ip"])
            place = await client.get(f"{backends}/ip/{ticket['ip']}", params={"access_token": made_up.IP_TOKEN})
        span.add_event("context.ready", {"documents": documents.json()["ids"], "country": place.json()["country"]})
        return {"documents": documents.json()["ids"], "country": place.json()["country"]}


async def complete(client: httpx.AsyncClient, backends: str, ticket: dict, context: dict) -> str:
    prompt = f"Answer {ticket['requester']['name']} <{ticket['requester']['email']}>: {ticket['subject']}"
    with tracer.start_as_current_span("llm.complete") as span:
        span.set_attributes(
            {
                "api_key": made_up.LLM_KEY,
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": "stand-in-1",
                "gen_ai.request.temperature": 0.2,
                "gen_ai.prompt": prompt,
                "llm.stream": False,
            }
        )
        response = await client.post(
            f"{backends}/llm/chat",
            json={"prompt": prompt, "context": context, "fail": ticket["priority"] == "urgent"},
            headers={"authorization": f"Bearer {made_up.LLM_KEY}"},
        )
        try:
            response.raise_for_status()
        except httpx.HTTPStatusError as error:
            raise ModelError(f"the gateway refused the request (api_key={made_up.LLM_KEY}, attempt 3 of 3)") from error
        usage = response.json()["usage"]
        span.set_attributes(
            {
                "llm.tokens.prompt": usage["prompt"],
                "gen_ai.usage.input_tokens": usage["prompt"],
                "gen_ai.usage.output_tokens": usage["completion"],
                "gen_ai.response.finish_reasons": ["stop"],
            }
        )
        return response.json()["text"]


async def update_ticket(client: httpx.AsyncClient, backends: str, ticket: dict, answer: str):
    with tracer.start_as_current_span("ticket.update") as span:
        span.set_attributes(
            {
                "ticket_id": ticket["ticket_id"],
                "tenant_id": ticket["tenant_id"],
                "ticket.description": ticket["description"],
                "ticket.labels": ["enhanced", ticket["priority"]],
                "crm.user": "ticket-service",
                "crm.password": made_up.CRM_PASSWORD,
            }
        )
        response = await client.patch(f"{backends}/crm/tickets/{ticket['ticket_id']}", json={"internal_note": answer})
        response.raise_for_status()


def reindex_documentation(causes: list):
    """The nightly work: more than a minute, which a recording does not have to wait for."""
    end = time.time_ns()
    start = end - 74_250_000_000
    span = tracer.start_span(
        "documentation.reindex",
        kind=SpanKind.CONSUMER,
        start_time=start,
        links=[Link(cause, {"link.reason": "ticket without a matching document"}) for cause in causes],
    )
    span.set_attributes({"tenant_id": "tenant-17", "documents.count": 18_204, "messaging.system": "internal"})
    with trace.use_span(span):
        shard = tracer.start_span("documentation.reindex.shard", start_time=start + 1_000_000_000)
        shard.set_attributes({"shard": 0, "index.sizes": [812, 9_001, 8_391]})
        shard.end(end_time=start + 31_000_000_000)
    span.end(end_time=end)
