"""What hiding means, written again from its documentation: by word, name, prefix and value; remove, mark and cut."""

import re
from dataclasses import dataclass, field

MARK = "[REDACTED]"
SAMPLING_NUMBER = re.compile("th:[0-9a-f]{1,14}|rv:[0-9a-f]{14}")
SEPARATOR, LOWER, UPPER, DIGIT = range(4)


def kind(character: str) -> int:
    if character.isascii():
        if character.isdigit():
            return DIGIT
        if character.isalpha():
            return UPPER if character.isupper() else LOWER
        return SEPARATOR
    return UPPER if character.isupper() else LOWER


def words(key: str) -> list[str]:
    """`X-Auth-Token`, `xAuthToken` and `x_auth_token` are x, auth, token; `APIKey2` is api, key, 2."""
    found, word = [], ""
    for at, character in enumerate(key):
        now = kind(character)
        before = kind(key[at - 1]) if at > 0 else SEPARATOR
        after = kind(key[at + 1]) if at + 1 < len(key) else SEPARATOR
        starts = now != before and not (before == UPPER and now == LOWER)
        ends_run_of_capitals = now == before == UPPER and after == LOWER
        if word and (now == SEPARATOR or starts or ends_run_of_capitals):
            found.append(word)
            word = ""
        if now != SEPARATOR:
            word += character
    return [word.lower() for word in found + [word] if word]


def folded(text: str) -> str:
    """ASCII letters in lower case; names compare so."""
    return "".join(character.lower() if character.isascii() else character for character in text)


def is_named(key: str, names: list[str]) -> bool:
    key = folded(key)
    return any(key.startswith(folded(name)[:-1]) if name.endswith("*") else key == folded(name) for name in names)


@dataclass
class Words:
    terms: list[str]
    exceptions: list[str] = field(default_factory=list)

    def matches(self, key: str) -> bool:
        if is_named(key, self.exceptions):
            return False
        in_key = words(key)
        for term in self.terms:
            wanted = words(term)
            if any(in_key[at : at + len(wanted)] == wanted for at in range(len(in_key))) or "".join(wanted) in in_key:
                return True
        return False


@dataclass
class Names:
    names: list[str]

    def matches(self, key: str) -> bool:
        return is_named(key, self.names)


@dataclass
class Values:
    """Whole string values, wherever they stand in the value of an attribute."""

    values: list[str]

    def matches(self, key: str) -> bool:
        return False


@dataclass
class Step:
    matcher: Words | Names | Values
    action: str  # remove, mark or cut
    length: int = 0


class Hider:
    def __init__(self, steps: list[Step]):
        self.steps = steps
        self.values = {value for step in steps if isinstance(step.matcher, Values) for value in step.matcher.values}

    def verdict(self, key: str) -> tuple[str, int]:
        """The strongest action on a key and, for a cut, the shortest length."""
        hits = [step for step in self.steps if step.matcher.matches(key)]
        for action in ("remove", "mark"):
            if any(step.action == action for step in hits):
                return action, 0
        cuts = [step.length for step in hits if step.action == "cut"]
        return ("cut", min(cuts)) if cuts else ("none", 0)

    def hide_attributes(self, attributes, limit: int | None = None):
        """Hides in a repeated KeyValue field in place; `limit` is the cut that lies on all of it."""
        for at in reversed(range(len(attributes))):
            attribute = attributes[at]
            action, length = self.verdict(attribute.key)
            if action == "remove":
                del attributes[at]
            elif action == "mark":
                attribute.value.Clear()
                attribute.value.string_value = MARK
            else:
                lengths = [bound for bound in (limit, length if action == "cut" else None) if bound is not None]
                if attribute.HasField("value"):
                    self.hide_value(attribute.value, min(lengths) if lengths else None)

    def hide_value(self, value, limit: int | None):
        kind = value.WhichOneof("value")
        if kind == "string_value":
            if value.string_value in self.values:
                value.string_value = MARK
            elif limit is not None and len(value.string_value) > limit:
                value.string_value = value.string_value[:limit] + "..."
        elif kind == "array_value":
            for element in value.array_value.values:
                self.hide_value(element, limit)
        elif kind == "kvlist_value":
            self.hide_attributes(value.kvlist_value.values, limit)

    def takes(self, key: str, value: str) -> bool:
        """Whether a member of a trace state, or a field of its member `ot`, goes."""
        return self.verdict(key)[0] in ("remove", "mark") or value in self.values

    def trace_state(self, state: str) -> str:
        """Members go whole, those of `ot` field by field; where nothing goes, every character stays."""
        kept, is_changed = [], False
        for member in filter(None, (member.strip(" \t") for member in state.split(","))):
            key, sign, value = member.partition("=")
            goes = self.takes(key.rstrip(" \t"), value)
            left = "" if goes else member
            if key.rstrip(" \t") == "ot":
                fields = value.split(";")
                stay = [part for part in fields if self.stays(part) or not (goes or self.takes_field(part))]
                left = member if stay == fields else key + sign + ";".join(stay) if any(stay) else ""
            is_changed = is_changed or left != member
            kept += [left] if left else []
        return ",".join(kept) if is_changed else state

    def stays(self, part: str) -> bool:
        return not part or SAMPLING_NUMBER.fullmatch(part) is not None

    def takes_field(self, part: str) -> bool:
        key, colon, value = part.partition(":")
        return self.takes(key.strip(" \t"), value) if colon else self.takes("", part)

    def hide_span(self, span):
        span.trace_state = self.trace_state(span.trace_state)
        for link in span.links:
            link.trace_state = self.trace_state(link.trace_state)
        self.hide_attributes(span.attributes)
        for part in [*span.events, *span.links]:
            self.hide_attributes(part.attributes)

    def hide_request(self, request):
        for resource in request.resource_spans:
            if resource.HasField("resource"):
                self.hide_attributes(resource.resource.attributes)
            for scope in resource.scope_spans:
                if scope.HasField("scope"):
                    self.hide_attributes(scope.scope.attributes)
                for span in scope.spans:
                    self.hide_span(span)
