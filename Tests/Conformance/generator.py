"""Random OTLP requests, written by hand as bytes: canonical, but with fields in any order and of later versions."""

import random

import wire

TEXTS = [
    "",
    "GET",
    "a plain value",
    "Grüße aus Köln",
    "東京",
    "🦊🦊",
    "a\tb\nc",
    "\x00",
    "\u2028",
    "x" * 300,
    "'quoted' \"twice\" \\",
]
KEYS = [
    "http.route",
    "http.response.status_code",
    "db.query.text",
    "tenant_id",
    "Größe",
    "ключ",
    "k",
    "",
    "a.b-c_d",
    "x" * 140,
]
INTEGERS = [0, 1, -1, 42, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, -(2**63)]
DOUBLES = [0.0, -0.0, 1.0, 0.1, -2.5, 1e300, 5e-324, float("inf"), float("-inf"), float("nan")]


class Generator:
    """
    - keys: keys of attributes, beside the plain ones.
    - texts: string values, beside the plain ones.
    - unknown: how often a message holds a field of a later version.
    - has_bytes: whether values of the kind bytes are made.
    """

    def __init__(self, rng: random.Random, keys=(), texts=(), unknown=0.1, has_bytes=True):
        self.rng = rng
        self.keys = list(keys)
        self.texts = list(texts)
        self.unknown = unknown
        self.has_bytes = has_bytes

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def text(self) -> str:
        return self.rng.choice(self.texts if self.texts and self.chance(0.5) else TEXTS)

    def key(self) -> str:
        return self.rng.choice(self.keys if self.keys and self.chance(0.6) else KEYS)

    def any_value(self, depth: int = 0) -> bytes:
        """The content of an AnyValue: one of the seven kinds, or none."""
        kinds = ["string"] * 4 + ["bool", "int", "double", "none"] + (["bytes"] if self.has_bytes else [])
        if depth < 4:
            kinds += ["array", "map"]
        kind = self.rng.choice(kinds)
        if kind == "string":
            return wire.text(self.text())
        if kind == "bool":
            return wire.number(2, self.rng.randrange(2))
        if kind == "int":
            return wire.number(3, self.rng.choice(INTEGERS + [self.rng.getrandbits(64)]))
        if kind == "double":
            return wire.double(4, self.rng.choice(DOUBLES + [self.rng.uniform(-1e6, 1e6)]))
        if kind == "bytes":
            return wire.delimited(7, self.rng.randbytes(self.rng.choice([0, 1, 7, 200])))
        count = self.rng.choice([0, 1, 2, 3, 6])
        if kind == "array":
            return wire.delimited(5, b"".join(wire.delimited(1, self.any_value(depth + 1)) for _ in range(count)))
        if kind == "map":
            return wire.delimited(6, b"".join(self.attribute(1, depth + 1) for _ in range(count)))
        return b""

    def attribute(self, field: int, depth: int = 0) -> bytes:
        parts = [wire.delimited(1, self.key())]
        if self.chance(0.97):
            parts.append(wire.delimited(2, self.any_value(depth)))
        if self.chance(0.03):
            parts.reverse()
        return wire.delimited(field, b"".join(parts))

    def attributes(self, field: int, most: int) -> list[bytes]:
        return [self.attribute(field) for _ in range(self.rng.randrange(most + 1))]

    def unknown_fields(self) -> list[bytes]:
        """Fields of later versions. Their content is no text, so nothing can be found in it."""
        if not self.chance(self.unknown):
            return []
        content = bytes(self.rng.choice(b"\x01\x02\x0700109-+ ") for _ in range(self.rng.randrange(12)))
        field = self.rng.choice([60, 127, 1000, 536_870_911])
        return [
            self.rng.choice(
                [
                    wire.delimited(field, content),
                    wire.number(field, self.rng.getrandbits(64)),
                    wire.fixed64(field, self.rng.getrandbits(64)),
                    wire.fixed32(field, self.rng.getrandbits(32)),
                ]
            )
            for _ in range(self.rng.randrange(1, 4))
        ]

    def joined(self, parts: list[bytes]) -> bytes:
        """Mostly in the order given; exporters may write fields in any."""
        if self.chance(0.1):
            self.rng.shuffle(parts)
        return b"".join(parts)

    def trace_state(self) -> str:
        return self.rng.choice(["", "rojo=00f067aa0ba902b7", "a=1,b=2", "vendor@system=x;y:z,congo=t61"])

    def optional(self, parts: list[bytes], probability: float, make):
        if self.chance(probability):
            parts.append(make())

    def event(self) -> bytes:
        parts = [
            wire.fixed64(1, self.rng.getrandbits(60)),
            wire.delimited(2, self.rng.choice(["exception", "log", "é"])),
        ]
        parts += self.attributes(3, 3)
        self.optional(parts, 0.1, lambda: wire.number(4, self.rng.randrange(1, 9)))
        return self.joined(parts + self.unknown_fields())

    def link(self) -> bytes:
        parts = [wire.delimited(1, self.rng.randbytes(16)), wire.delimited(2, self.rng.randbytes(8))]
        self.optional(parts, 0.3, lambda: wire.delimited(3, self.trace_state()))
        parts += self.attributes(4, 2)
        self.optional(parts, 0.1, lambda: wire.number(5, self.rng.randrange(1, 9)))
        self.optional(parts, 0.5, lambda: wire.fixed32(6, self.rng.choice([1, 0x101, 0x301])))
        return self.joined(parts + self.unknown_fields())

    def status(self) -> bytes:
        parts = []
        self.optional(parts, 0.3, lambda: wire.delimited(2, self.rng.choice(["", "timed out", "¡no!"])))
        self.optional(parts, 0.8, lambda: wire.number(3, self.rng.randrange(3)))
        return self.joined(parts + self.unknown_fields())

    def span(self, extra: list[bytes] = ()) -> bytes:
        start = self.rng.getrandbits(60)
        parts = [wire.delimited(1, self.rng.randbytes(16)), wire.delimited(2, self.rng.randbytes(8))]
        self.optional(parts, 0.3, lambda: wire.delimited(3, self.trace_state()))
        self.optional(parts, 0.7, lambda: wire.delimited(4, self.rng.choice([self.rng.randbytes(8), b""])))
        self.optional(parts, 0.95, lambda: wire.delimited(5, self.rng.choice(["GET /", "", "Straße", "n" * 200])))
        self.optional(parts, 0.9, lambda: wire.number(6, self.rng.randrange(6)))
        parts += [wire.fixed64(7, start), wire.fixed64(8, start + self.rng.getrandbits(36))]
        attributes = self.attributes(9, 8) + list(extra)
        self.rng.shuffle(attributes)
        parts += attributes
        self.optional(parts, 0.1, lambda: wire.number(10, self.rng.randrange(1, 99)))
        parts += [wire.delimited(11, self.event()) for _ in range(self.rng.choice([0, 0, 0, 1, 2]))]
        self.optional(parts, 0.1, lambda: wire.number(12, self.rng.randrange(1, 99)))
        parts += [wire.delimited(13, self.link()) for _ in range(self.rng.choice([0, 0, 0, 1, 2]))]
        self.optional(parts, 0.1, lambda: wire.number(14, self.rng.randrange(1, 99)))
        self.optional(parts, 0.5, lambda: wire.delimited(15, self.status()))
        self.optional(parts, 0.5, lambda: wire.fixed32(16, self.rng.choice([0, 1, 0x101, 0x301])))
        return self.joined(parts + self.unknown_fields())

    def entity(self) -> bytes:
        parts = [wire.delimited(1, "https://opentelemetry.io/schemas/1.40.0"), wire.delimited(2, "service")]
        return b"".join(parts + [wire.delimited(3, "service.name"), wire.delimited(4, "service.version")])

    def resource(self) -> bytes:
        parts = self.attributes(1, 5)
        self.optional(parts, 0.1, lambda: wire.number(2, self.rng.randrange(1, 9)))
        self.optional(parts, 0.1, lambda: wire.delimited(3, self.entity()))
        return self.joined(parts + self.unknown_fields())

    def scope(self) -> bytes:
        parts = []
        self.optional(parts, 0.9, lambda: wire.delimited(1, self.rng.choice(["", "io.example.http", "範囲"])))
        self.optional(parts, 0.5, lambda: wire.delimited(2, "1.2.3"))
        parts += self.attributes(3, 2)
        self.optional(parts, 0.1, lambda: wire.number(4, self.rng.randrange(1, 9)))
        return self.joined(parts + self.unknown_fields())

    def container(self, own: list[bytes], children: list[bytes]) -> bytes:
        """A container's own fields stand before its children or, as schema URLs do, behind them."""
        own += self.unknown_fields()
        cut = self.rng.randrange(len(own) + 1)
        return b"".join(own[:cut] + children + own[cut:])

    def request(self, make_span=None) -> bytes:
        """A request of up to three resources; many of them behind one another are one request again."""
        make_span = make_span or self.span
        resources = []
        for _ in range(self.rng.choice([0, 1, 1, 1, 2, 3])):
            scopes = []
            for _ in range(self.rng.choice([0, 1, 1, 1, 2, 3])):
                spans = [wire.delimited(2, make_span()) for _ in range(self.rng.choice([0, 1, 1, 2, 4]))]
                own = []
                self.optional(own, 0.9, lambda: wire.delimited(1, self.scope()))
                self.optional(own, 0.3, lambda: wire.delimited(3, "https://opentelemetry.io/schemas/1.24.0"))
                scopes.append(wire.delimited(2, self.container(own, spans)))
            own = []
            self.optional(own, 0.9, lambda: wire.delimited(1, self.resource()))
            self.optional(own, 0.3, lambda: wire.delimited(3, "https://opentelemetry.io/schemas/1.24.0"))
            resources.append(wire.delimited(1, self.container(own, scopes)))
        return b"".join(resources)


def nested_array(levels: int) -> bytes:
    """The content of an AnyValue: so many arrays inside one another, around a number."""
    value = wire.number(3, 7)
    for _ in range(levels):
        value = wire.delimited(5, wire.delimited(1, value))
    return value


def huge_request() -> bytes:
    """A span with a megabyte of text, one with thousands of attributes, and an attribute with a thousand elements."""
    many = b"".join(wire.attribute(9, f"k{index}", wire.number(3, index)) for index in range(3000))
    long = wire.attribute(9, "long", wire.text("ü" * 600_000)) + wire.attribute(
        9, "raw", wire.delimited(7, bytes(300_000))
    )
    wide = wire.attribute(
        9, "wide", wire.delimited(5, b"".join(wire.delimited(1, wire.text("e")) for _ in range(1000)))
    )
    return wire.request(wire.span(many), wire.span(long), wire.span(wide))
