"""gRPC by hand, on HTTP/2 frames: what no gRPC library would send can be sent with it."""

import contextlib
import socket
import struct
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events

from clients import EXPORT


def message(body: bytes, flag: int = 0, length: int | None = None) -> bytes:
    """A message as gRPC frames it: whether it is compressed, its length, and its bytes."""
    return struct.pack(">BI", flag, len(body) if length is None else length) + body


@dataclass
class Reply:
    """What came back on the stream: headers and trailers together."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_reset: bool = False
    is_cut: bool = False

    @property
    def status(self) -> int | None:
        """The status of gRPC, where there was one."""
        return int(self.headers["grpc-status"]) if "grpc-status" in self.headers else None


def request(
    address: str, data: bytes, headers: dict[str, str] = {}, without: tuple[str, ...] = (), ends: bool = True,
    path: str = EXPORT, seconds: float = 10,
) -> Reply:  # fmt: skip
    """One request on a connection of its own; `headers` replace the usual ones, `without` leaves some out."""
    host, port = address.rsplit(":", 1)
    usual = {
        ":method": "POST",
        ":scheme": "http",
        ":path": path,
        ":authority": address,
        "content-type": "application/grpc",
        "te": "trailers",
    }
    named = [(name, value) for name, value in (usual | headers).items() if name not in without]
    # What is wrong with the headers is for the host to find.
    config = h2.config.H2Configuration(validate_outbound_headers=False)
    connection = h2.connection.H2Connection(config)
    reply = Reply()
    with socket.create_connection((host, int(port)), timeout=seconds) as line, contextlib.suppress(OSError):
        connection.initiate_connection()
        stream = connection.get_next_available_stream_id()
        connection.send_headers(stream, named, end_stream=ends and not data)
        line.sendall(connection.data_to_send())
        while data:
            room = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size, len(data))
            if room:
                connection.send_data(stream, data[:room], end_stream=ends and room == len(data))
                data = data[room:]
                line.sendall(connection.data_to_send())
            elif not receive(line, connection, reply):
                return reply
        while receive(line, connection, reply):
            pass
    return reply


def receive(line: socket.socket, connection: h2.connection.H2Connection, reply: Reply) -> bool:
    """Reads what there is; false once the stream has ended."""
    received = line.recv(1 << 16)
    if not received:
        reply.is_cut = True
        return False
    for event in connection.receive_data(received):
        if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
            reply.headers |= {name.decode(): value.decode() for name, value in event.headers}
        elif isinstance(event, h2.events.DataReceived):
            reply.body += event.data
            connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            reply.is_reset = True
            return False
        elif isinstance(event, h2.events.ConnectionTerminated):
            reply.is_cut = True
            return False
        elif isinstance(event, h2.events.StreamEnded):
            return False
    line.sendall(connection.data_to_send())
    return True
