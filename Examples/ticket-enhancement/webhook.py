"""The webhook: takes a ticket from the helpdesk, checks its signature, and puts a job into the queue."""

import hmac
import json
import os
import uuid
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request
from opentelemetry import propagate, trace
from opentelemetry.trace import Span, SpanKind
from starlette.concurrency import run_in_threadpool

import made_up
import telemetry
from signing import signature
from worker import enhance_ticket

tracer = trace.get_tracer("tickets.webhook")


@asynccontextmanager
async def lifespan(app: FastAPI):
    provider = telemetry.start("ticket-webhook")
    yield
    provider.shutdown()


# FastAPI makes the span of the request itself, as the child of the caller's; spans for its inner steps would be too much.
app = FastAPI(lifespan=lifespan, telemetry={"operation_spans": False, "metrics": False, "logs": False})


@app.post("/webhooks/tickets", status_code=202)
async def receive_ticket(request: Request):
    body = await request.body()
    with tracer.start_as_current_span(
        "webhook",
        attributes={
            "http.request.header.authorization": request.headers.getlist("authorization"),
            "webhook_secret": made_up.WEBHOOK_SECRET,
            "webhook.payload": body.decode(errors="replace"),
        },
    ) as span:
        verify(span, body, request.headers.get("x-webhook-signature", ""))
        ticket = json.loads(body)
        span.set_attributes(of_ticket(ticket) | {"ticket.description": ticket["description"]})
        job_id = await run_in_threadpool(queue_job, ticket)
        return {"job_id": job_id}


def verify(span: Span, body: bytes, given: str):
    if hmac.compare_digest(signature(body), given):
        return
    span.add_event(
        "webhook.signature_mismatch",
        {"webhook.algorithm": "sha256", "webhook.body_size": len(body), "webhook_secret": made_up.WEBHOOK_SECRET},
    )
    # Leaving the span by an exception sets its status, and records the exception as another event.
    raise HTTPException(status_code=401, detail="the signature does not fit the body")


def queue_job(ticket: dict) -> str:
    job_id = str(uuid.uuid4())
    queue = f"enhancement.{ticket['priority']}"
    with tracer.start_as_current_span(
        "job_queued",
        kind=SpanKind.PRODUCER,
        attributes=of_ticket(ticket)
        | {
            "messaging.system": "redis",
            "messaging.operation.type": "send",
            "messaging.destination.name": queue,
            "messaging.url": os.environ["TICKETS_REDIS"],
            "queue": queue,
            "job.id": job_id,
        },
    ):
        # The context travels inside the job, as a W3C traceparent: the worker's spans become children of this one.
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        job = {"job_id": job_id, "queue": queue, "ticket": ticket, "trace_context": carrier}
        enhance_ticket.apply_async(args=[job], task_id=job_id, queue=queue)
    return job_id


def of_ticket(ticket: dict) -> dict[str, str]:
    """What ops look for in traces: the tenant, the ticket, its priority."""
    return {"tenant_id": ticket["tenant_id"], "ticket_id": ticket["ticket_id"], "priority": ticket["priority"]}
