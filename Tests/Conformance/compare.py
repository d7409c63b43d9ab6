"""Compares requests as decoded objects, and says where they first differ without printing megabytes."""

from google.protobuf.message import Message
from google.protobuf.text_format import MessageToString


def encoded(message: Message) -> bytes:
    """One form for all encodings of the same object. Unlike `==` it takes NaN as equal to itself."""
    return message.SerializeToString(deterministic=True)


def numbered_spans(request):
    for i, resource in enumerate(request.resource_spans):
        for j, scope in enumerate(resource.scope_spans):
            for k, span in enumerate(scope.spans):
                yield f"resource {i}, scope {j}, span {k}", span


def shape(request) -> list:
    return [[len(scope.spans) for scope in resource.scope_spans] for resource in request.resource_spans]


def difference(expected: Message, found: Message) -> str:
    left, right = (MessageToString(message, print_unknown_fields=True).splitlines() for message in (expected, found))
    at = next((i for i, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))
    window = slice(max(at - 12, 0), at + 4)
    return "\n".join(
        ["expected:", *(line[:200] for line in left[window]), "found:", *(line[:200] for line in right[window])]
    )


def assert_same(expected, found):
    if encoded(expected) == encoded(found):
        return
    assert shape(expected) == shape(found), "resources, scopes or spans were lost, added or moved"
    for (place, left), (_, right) in zip(numbered_spans(expected), numbered_spans(found)):
        assert encoded(left) == encoded(right), f"{place}\n{difference(left, right)}"
    raise AssertionError(f"a resource or scope differs\n{difference(expected, found)}")
