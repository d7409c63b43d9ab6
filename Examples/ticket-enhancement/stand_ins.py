"""Stands in for what the worker calls: documentation, IP lookup, the model, the ticket system."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import made_up


class StandIns:
    """Serves on a free port of the loopback interface, and knows which tickets were updated."""

    def __init__(self, slow: float):
        """A slow answer of the model takes `slow` seconds."""
        self.slow = slow
        self.updated: dict[str, str] = {}
        stand_ins = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # One write for an answer: the kernel would keep a second small one back for 40 ms.
            wbufsize = -1

            def respond(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                status, content = stand_ins.answer(self.command, urlsplit(self.path).path, body)
                encoded = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

            do_GET = do_POST = do_PATCH = respond

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, dict]:
        if path == "/documentation/search":
            return 200, {"ids": ["DOC-31", "DOC-58"]}
        if path.startswith("/ip/"):
            return 200, {"country": "NO"}
        if path == "/llm/chat":
            return self.complete(json.loads(body))
        if method == "PATCH" and path.startswith("/tickets/"):
            self.updated[path.removeprefix("/tickets/")] = json.loads(body)["enhancement"]
            return 200, {}
        return 404, {}

    def complete(self, request: dict) -> tuple[int, dict]:
        ticket_id = request["metadata"]["ticket_id"]
        if ticket_id == made_up.FAILING_TICKET:
            return 503, {"error": "overloaded"}
        time.sleep(self.slow if ticket_id == made_up.SLOW_TICKET else 0.02)
        return 200, {"text": "Thank you for your patience.", "usage": {"input": 812, "output": 164}}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
