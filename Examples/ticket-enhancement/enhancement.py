"""What is done for a ticket: context is gathered, a model writes an answer, the ticket is updated.

It records what such services record while they are young, which is too much: keys, queries with tokens, prompts.
"""

import time

import httpx
from opentelemetry import trace
from opentelemetry.trace import SpanKind, Status, StatusCode

import made_up

tracer = trace.get_tracer("tickets.enhancement")
MODEL = "stand-in-1"


class ModelError(Exception):
    """The model did not answer with a completion."""


def enhance(ticket: dict, backends: str) -> str:
    """Does it, and says how it went: the value of `enhancement.status`."""
    with httpx.Client(base_url=backends, timeout=30) as client:
        context = gather_context(client, ticket)
        try:
            note, status = complete(client, ticket, context), "enhanced"
        except ModelError:
            note, status = "No answer could be written.", "failed"
        update_ticket(client, ticket, note, status)
    return status


def gather_context(client: httpx.Client, ticket: dict) -> dict:
    with tracer.start_as_current_span("context_gathering") as span:
        context = {
            "history": look_up_history(ticket),
            "documentation": search_documentation(client, ticket),
            "country": look_up_ip(client, ticket),
        }
        span.set_attribute("context.documents", len(context["documentation"]))
        return context


def look_up_history(ticket: dict) -> list[str]:
    with tracer.start_as_current_span("history", kind=SpanKind.CLIENT) as span:
        span.set_attributes(
            {
                "db.system.name": "postgresql",
                "db.connection": f"postgresql://tickets:{made_up.DATABASE_PASSWORD}@db.internal:5432/tickets",
                "db.query.text": f"SELECT id FROM tickets WHERE requester = '{ticket['requester']['email']}' LIMIT 20",
            }
        )
        time.sleep(0.003)
        return ["TCK-1207", "TCK-1633"]


def search_documentation(client: httpx.Client, ticket: dict) -> list[str]:
    with tracer.start_as_current_span("documentation", kind=SpanKind.CLIENT) as span:
        query = {"q": ticket["subject"], "token": made_up.DOCUMENTATION_TOKEN, "limit": 3}
        response = client.get("/documentation/search", params=query)
        span.set_attributes({"url.full": str(response.url), "http.response.status_code": response.status_code})
        return response.raise_for_status().json()["ids"]


def look_up_ip(client: httpx.Client, ticket: dict) -> str:
    with tracer.start_as_current_span("ip_lookup", kind=SpanKind.CLIENT) as span:
        span.set_attribute("client.address", ticket["ip"])
        return client.get(f"/ip/{ticket['ip']}").raise_for_status().json()["country"]


def complete(client: httpx.Client, ticket: dict, context: dict) -> str:
    prompt = f"Write an answer to {ticket['requester']['email']}, who says: {ticket['subject']}"
    with tracer.start_as_current_span("llm_call", kind=SpanKind.CLIENT, record_exception=True) as span:
        headers = {"authorization": f"Bearer {made_up.LLM_KEY}"}
        span.set_attributes(
            {
                "api_key": made_up.LLM_KEY,
                "http.request.header.authorization": [headers["authorization"]],
                "gen_ai.operation.name": "chat",
                "gen_ai.request.model": MODEL,
                "gen_ai.prompt": prompt,
            }
        )
        body = {"model": MODEL, "prompt": prompt, "context": context, "metadata": {"ticket_id": ticket["ticket_id"]}}
        response = client.post("/llm/chat", json=body, headers=headers)
        span.set_attribute("http.response.status_code", response.status_code)
        if response.is_error:
            raise ModelError(f"the gateway refused the request (api_key={made_up.LLM_KEY}, attempt 3 of 3)")
        answer = response.json()
        span.set_attributes(
            {
                "gen_ai.response.model": MODEL,
                "gen_ai.usage.input_tokens": answer["usage"]["input"],
                "gen_ai.usage.output_tokens": answer["usage"]["output"],
            }
        )
        return answer["text"]


def update_ticket(client: httpx.Client, ticket: dict, note: str, status: str):
    with tracer.start_as_current_span("ticket_update", kind=SpanKind.CLIENT) as span:
        span.set_attributes(
            {
                "tenant_id": ticket["tenant_id"],
                "ticket_id": ticket["ticket_id"],
                "ticket_api.key": made_up.TICKET_API_KEY,
                "enhancement.status": status,
            }
        )
        response = client.patch(f"/tickets/{ticket['ticket_id']}", json={"note": note, "enhancement": status})
        span.set_attribute("http.response.status_code", response.status_code)
        if response.is_error:
            span.set_status(Status(StatusCode.ERROR, "the ticket could not be updated"))
