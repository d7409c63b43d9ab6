"""Stands between the host and a backend, where connections can be refused and cut; for any protocol on TCP."""

import socket
import struct
import threading


class Relay:
    """Listens on the loopback interface, on a port that it keeps, and passes bytes on to another one."""

    def __init__(self, target: int, is_open: bool = True):
        self.target = target
        self.port = 0
        self.connections = 0
        self.lock = threading.Lock()
        self.pairs: set[tuple[socket.socket, socket.socket]] = set()
        self.to_cut = 0
        self.listener: socket.socket | None = None
        if is_open:
            self.open()
        else:
            self._bind().close()

    def open(self):
        """Takes connections (again)."""
        self.listener = self._bind()
        self.listener.listen(128)
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def close(self):
        """Refuses connections, and cuts those that there are."""
        listener, self.listener = self.listener, None
        if listener:
            # Wakes the thread that waits in accept; only then the port is free.
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut()

    def cut(self):
        """Cuts every connection, as a crash of the backend's machine would be seen: with a reset."""
        with self.lock:
            pairs, self.pairs = self.pairs, set()
        for client, server in pairs:
            _reset(client)
            _reset(server)

    def cut_before_reading(self, times: int):
        """The next so many times that a connection's first bytes come, they are thrown away and it is cut."""
        self.cut()
        self.to_cut = times

    def _bind(self) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        return listener

    def _accept(self, listener: socket.socket):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket):
        if self.to_cut > 0:
            client.recv(1)
            self.to_cut -= 1
            _reset(client)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            _reset(client)
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.pairs.add((client, server))
        threading.Thread(target=_pass_on, args=[server, client], daemon=True).start()
        _pass_on(client, server)
        with self.lock:
            self.pairs.discard((client, server))


def _pass_on(source: socket.socket, target: socket.socket):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def _reset(end: socket.socket):
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Without this, a thread that reads keeps the connection alive behind the closed descriptor.
        end.shutdown(socket.SHUT_RD)
        end.close()
    except OSError:
        pass


def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
