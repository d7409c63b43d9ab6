"""The worker: Celery takes a job from Redis, in one of its forked processes, and enhances the ticket."""

import os

import celery
from celery.signals import worker_process_init, worker_process_shutdown
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind

import enhancement
import telemetry

app = celery.Celery("tickets", broker=os.environ["TICKETS_REDIS"])
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)
tracer = trace.get_tracer("tickets.worker")


@worker_process_init.connect
def set_up_tracer(**_):
    # Here and not when the module is imported: that is before the fork, and a batch processor's thread stays behind.
    telemetry.start("ticket-worker")


@worker_process_shutdown.connect
def flush_spans(**_):
    # A forked process ends without running what is registered with atexit.
    trace.get_tracer_provider().shutdown()


@app.task(name="enhance_ticket")
def enhance_ticket(job: dict):
    ticket = job["ticket"]
    with tracer.start_as_current_span(
        "enhancement",
        context=propagate.extract(job["trace_context"]),
        kind=SpanKind.CONSUMER,
        attributes={
            "messaging.system": "redis",
            "messaging.operation.type": "process",
            "messaging.destination.name": job["queue"],
            "queue": job["queue"],
            "job.id": job["job_id"],
            "tenant_id": ticket["tenant_id"],
            "ticket_id": ticket["ticket_id"],
            "priority": ticket["priority"],
        },
    ) as span:
        status = enhancement.enhance(ticket, os.environ["TICKETS_BACKENDS"])
        span.set_attribute("enhancement.status", status)
