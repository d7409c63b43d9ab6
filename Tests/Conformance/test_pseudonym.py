"""Pseudonyms as another implementation of HMAC-SHA-256 computes them, and the command that prints them."""

import base64
import hashlib
import hmac
import os
import re
import subprocess

import pytest

from host import BAD_RULE, DONE, USAGE

DOMAIN = b"processor-host/p1:"
PROOF_DOMAIN = b"processor-host/p1-proof:"
VARIABLE = "PROCESSOR_HOST_KEY_CUSTOMER_IDS"


def pseudonym(identifier: str, secret: bytes, value: bytes) -> str:
    code = hmac.new(secret, DOMAIN + value, hashlib.sha256).digest()[:12]
    proof = hmac.new(secret, PROOF_DOMAIN + code, hashlib.sha256).digest()[:4]
    return f"p1:{identifier}:{code.hex()}{proof.hex()}"


@pytest.fixture
def run(executable, tmp_path):
    """Runs the command in a folder of the test's own."""

    def run(*arguments, status=DONE, stdin=b"", environment=None):
        bare = {name: value for name, value in os.environ.items() if not name.startswith("PROCESSOR_HOST_KEY_")}
        done = subprocess.run(
            [executable, "pseudonym", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env=bare | (environment or {}),
            timeout=60,
        )
        assert done.returncode == status, done.stderr.decode()
        return done

    return run


@pytest.fixture
def keys(tmp_path):
    """Writes a file of keys that its owner alone may read."""

    def keys(*lines: str, mode=0o600):
        path = tmp_path / "customers.keys"
        path.write_text("".join(f"{line}\n" for line in lines))
        path.chmod(mode)
        return f"customers={path}"

    return keys


@pytest.mark.random
def test_pseudonyms_are_what_hmac_gives(run, keys, rng):
    # Secrets around the length of a block, from which on HMAC hashes them first; values around the ends of blocks.
    for length in [32, 33, 63, 64, 65, 200]:
        secret = rng.randbytes(length)
        values = [rng.randbytes(size).replace(b"\n", b"n").replace(b"\r", b"r") for size in [*range(0, 140, 3), 37, 38, 4096]]
        done = run("--key", keys(f"k: {secret.hex()}"), stdin=b"".join(value + b"\n" for value in values))
        assert done.stdout.decode().split() == [pseudonym("k", secret, value) for value in values]
        assert done.stderr == b""


def test_each_value_is_printed_under_every_key(run, keys):
    new, old = bytes(range(32)), bytes(range(32, 80))
    given = keys("# since November", f"new: {base64.b64encode(new).decode()}", "", f"old: {old.hex().upper()}")
    done = run("--key", given, "alice", "zoë", "42")
    assert done.stdout.decode().splitlines() == [
        pseudonym(identifier, secret, value.encode())
        for value in ["alice", "zoë", "42"]
        for identifier, secret in [("new", new), ("old", old)]
    ]


def test_a_pseudonym_is_left_as_it_is(run, keys):
    known = pseudonym("old", b"\x22" * 32, b"alice")
    forged = pseudonym("old", bytes(32), b"alice")
    unknown = pseudonym("other", bytes(32), b"alice")
    given = keys(f"new: {'11' * 32}", f"old: {'22' * 32}")
    lines = run("--key", given, known, forged, unknown).stdout.decode().splitlines()
    assert lines == [
        known,
        pseudonym("new", b"\x11" * 32, forged.encode()),
        pseudonym("old", b"\x22" * 32, forged.encode()),
        pseudonym("new", b"\x11" * 32, unknown.encode()),
        pseudonym("old", b"\x22" * 32, unknown.encode()),
    ]


def test_lines_of_standard_input_are_values_however_they_end(run, keys):
    given = keys(f"k: {'11' * 32}")
    expected = [pseudonym("k", b"\x11" * 32, value) for value in [b"alice", b"", b"bob smith "]]
    for text in [b"alice\n\nbob smith \n", b"alice\r\n\r\nbob smith ", b"alice\n\nbob smith "]:
        assert run("--key", given, stdin=text).stdout.decode().splitlines() == expected
    assert run("--key", given, stdin=b"").stdout == b""


def test_keys_can_stand_in_the_environment(run):
    environment = {VARIABLE: f"new: {'11' * 32}; old: {'22' * 32}"}
    done = run("--key", "customer-ids", "alice", environment=environment)
    assert done.stdout.decode().split() == [
        pseudonym("new", b"\x11" * 32, b"alice"),
        pseudonym("old", b"\x22" * 32, b"alice"),
    ]


def test_a_made_key_is_new_each_time_and_works(run, keys):
    lines = [run("--new-key", "2026-11").stdout.decode() for _ in range(2)]
    assert lines[0] != lines[1]
    for line in lines:
        found = re.fullmatch(r"2026-11: ([0-9a-f]{64})\n", line)
        assert found
        done = run("--key", keys(line.strip()), "alice")
        assert done.stdout.decode().strip() == pseudonym("2026-11", bytes.fromhex(found[1]), b"alice")


def test_a_file_that_others_may_read_is_warned_of_and_used(run, keys):
    done = run("--key", keys(f"k: {'11' * 32}", mode=0o644), "alice")
    assert done.stdout.decode().strip() == pseudonym("k", b"\x11" * 32, b"alice")
    assert re.search(r"warning: .*customers\.keys: others than its owner .*mode 0644\); chmod 600", done.stderr.decode())


SECRET = "c0ffee5ec2e7d00d" * 4


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "customers.keys: there is no key"),
        ([SECRET], "customers.keys:1: expected id: secret, found a line without a colon"),
        ([f"k: {SECRET[:-2]}q"], "customers.keys:1: expected a secret in hexadecimal digits or base64, found"),
        (["", "k: " + "ab" * 31], "customers.keys:2: a secret has 32 bytes or more; this one has 31"),
        ([f"k: {'ab' * 32}", f"k: {'cd' * 32}"], "customers.keys:2: the id stands in line 1 already"),
        ([f"{SECRET}: k"], "customers.keys:1: an id has 1 to 16 characters"),
    ],
)
def test_keys_that_do_not_load_end_with_3_and_are_not_shown(run, keys, lines, said):
    done = run("--key", keys(*lines), "alice", status=BAD_RULE)
    assert said in done.stderr.decode()
    assert done.stdout == b""
    assert not re.search(r"c0ff|5ec2|d00d|abab|cdcd", done.stderr.decode())


def test_keys_that_are_not_there_end_with_3(run):
    missing = run("--key", "customers=none.keys", "alice", status=BAD_RULE)
    assert b"none.keys: the file of keys cannot be read: No such file or directory" in missing.stderr
    unset = run("--key", "customer-ids", "alice", status=BAD_RULE)
    assert f"{VARIABLE}: there is no such variable".encode() in unset.stderr
    empty = run("--key", "customer-ids", "alice", status=BAD_RULE, environment={VARIABLE: ""})
    assert f"{VARIABLE}: there is no key".encode() in empty.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["alice"], "--key NAME=FILE is missing"),
        (["--key", "customers=", "alice"], "--key takes NAME=FILE"),
        (["--key", "Customers=a.keys", "alice"], "the name in --key has 1 to 64 characters a-z, 0-9 and -"),
        (["--key", "", "alice"], "the name in --key has 1 to 64 characters a-z, 0-9 and -"),
        (["--new-key", "K1"], "--new-key: an id has 1 to 16 characters"),
        (["--new-key", "k1", "alice"], "--new-key goes with no other option and no value"),
        (["--new-key", "k1", "--key", "customers"], "--new-key goes with no other option and no value"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_how(run, arguments, said):
    errors = run(*arguments, status=USAGE).stderr.decode()
    assert said in errors
    assert "Usage:" in errors
