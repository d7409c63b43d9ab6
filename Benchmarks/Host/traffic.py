"""Load and sinks for the host's benchmark: whole request bodies, made beforehand, over keep-alive connections."""

import asyncio
import threading
import time
from concurrent import futures

import grpc

METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
GRPC_OPTIONS = [
    ("grpc.max_receive_message_length", 64 << 20),
    ("grpc.max_send_message_length", 64 << 20),
    ("grpc.http2.max_frame_size", (1 << 24) - 1),
    ("grpc.optimization_target", "throughput"),
]


# Sinks: they read everything, and keep nothing.


async def serve_http(port_seen):
    async def connection(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = 0
                for line in head.split(b"\r\n"):
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                while length > 0:
                    chunk = await reader.read(min(length, 1 << 20))
                    if not chunk:
                        return
                    length -= len(chunk)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0, limit=4 << 20)
    port_seen(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def http_sink():
    """Starts a sink in a thread of this process; its port."""
    seen = []
    ready = threading.Event()

    def note(port):
        seen.append(port)
        ready.set()

    threading.Thread(target=lambda: asyncio.run(serve_http(note)), daemon=True).start()
    ready.wait()
    return seen[0]


def grpc_sink():
    server = grpc.server(futures.ThreadPoolExecutor(4), options=GRPC_OPTIONS)
    handler = grpc.unary_unary_rpc_method_handler(lambda request, context: b"")
    service, method = METHOD[1:].split("/")
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return port, server


# Load: a request is sent again while the host pushes back. It asks for a second; clients that wait for a twentieth of
# that are impatient enough to keep it busy.
PUSHED_BACK_SECONDS = 0.05


async def http_connection(port, path, bodies, deadline, counts):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    head = "POST {} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/x-protobuf\r\ncontent-length: {}\r\n\r\n"
    index = 0
    while time.monotonic() < deadline:
        body = bodies[index % len(bodies)]
        writer.write(head.format(path, len(body)).encode())
        writer.write(body)
        await writer.drain()
        answer = await reader.readuntil(b"\r\n\r\n")
        for line in answer.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length" and int(value) > 0:
                await reader.readexactly(int(value))
        status = int(answer.split(b" ", 2)[1])
        if status == 503:
            counts["pushed back"] += 1
            await asyncio.sleep(PUSHED_BACK_SECONDS)
            continue
        if status != 200:
            raise SystemExit(f"the host answered {answer!r}")
        counts["requests"] += 1
        index += 1
    writer.close()


def http_load(port, path, bodies, seconds, connections=4):
    counts = {"requests": 0, "pushed back": 0}
    deadline = time.monotonic() + seconds

    async def run():
        await asyncio.gather(*(http_connection(port, path, bodies, deadline, counts) for _ in range(connections)))

    asyncio.run(run())
    return counts


def grpc_load(port, _path, bodies, seconds, connections=4):
    counts = {"requests": 0, "pushed back": 0}
    deadline = time.monotonic() + seconds

    def run(offset):
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=GRPC_OPTIONS + [("grpc.use_local_subchannel_pool", 1)])
        call = channel.unary_unary(METHOD)
        index = offset
        while time.monotonic() < deadline:
            try:
                call(bodies[index % len(bodies)], timeout=30)
                counts["requests"] += 1
                index += 1
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE:
                    raise
                counts["pushed back"] += 1
                time.sleep(PUSHED_BACK_SECONDS)
        channel.close()

    threads = [threading.Thread(target=run, args=(offset,)) for offset in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts
