"""Locking, signing and verifying rules, and the audit log, by the command line and by other implementations."""

import hashlib
import hmac
import json
import os
import re
import stat
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from host import BAD_RULE, DONE, REFUSED, USAGE

KEY = bytes(range(32))


@pytest.fixture
def run(executable, tmp_path):
    """Runs a command in a folder of the test's own; what it printed, errors behind output."""

    def run(*arguments, status=DONE, umask=0o022):
        done = subprocess.run(
            [executable, *map(str, arguments)], capture_output=True, cwd=tmp_path, timeout=60, umask=umask
        )
        assert done.returncode == status, done.stderr.decode()
        return done.stdout.decode() + done.stderr.decode()

    return run


@pytest.fixture
def rules(tmp_path):
    folder = tmp_path / "rules"
    (folder / "lists").mkdir(parents=True)
    (folder / "chain.lua").write_text('return chain { api = 1, "a" }\n')
    (folder / "a.lua").write_text('return rule { about = "a" }\n')
    (folder / "lists/words.txt").write_text("password\n")
    return folder


def test_a_lock_holds_the_digests_that_sha256_gives(run, rules):
    said = run("lock")
    lines = (rules / "rules.lock").read_text().splitlines()
    files = sorted(["a.lua", "chain.lua", "lists/words.txt"])
    assert lines[0] == "processor-host rules.lock 1"
    assert lines[1] == said.splitlines()[1]
    assert lines[2:] == [f"file {hashlib.sha256((rules / name).read_bytes()).hexdigest()} {name}" for name in files]
    assert "all 3 files are as locked" in run("verify", rules)


def test_what_changed_since_the_lock_is_named(run, rules):
    assert "there is none" in run("verify", status=REFUSED)
    run("lock")
    (rules / "a.lua").write_text('return rule { about = "other" }\n')
    (rules / "b.lua").write_text('return rule { about = "b" }\n')
    (rules / "lists/words.txt").unlink()
    for said in [run("verify", rules, status=REFUSED), run("lock", rules)]:
        assert "  changed a.lua\n  added b.lua\n  removed lists/words.txt\n" in said
    assert "approved: as rules.lock has them" in run("verify", rules)
    assert "nothing changed" in run("lock", rules)


def test_rules_that_cannot_be_read_end_with_3(run):
    for command in [["lock"], ["verify"], ["sign", "none", "--key", "a.key"], ["lock", "none"]]:
        assert "error: " in run(*command, status=BAD_RULE)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_a_private_key_is_for_its_owner_alone(run, tmp_path, umask):
    run("keygen", "alice", umask=umask)
    assert stat.S_IMODE((tmp_path / "alice.key").stat().st_mode) == 0o600
    seed = (tmp_path / "alice.key").read_text().split()[-1]
    said = run("keygen", "alice", status=REFUSED, umask=umask)
    assert "it is not overwritten" in said and seed not in said
    assert (tmp_path / "alice.key").read_text().split()[-1] == seed


def test_signatures_are_what_ed25519_gives(run, rules, tmp_path):
    run("keygen", "alice")
    run("sign", "--key", "alice.key", "--counter", "12")
    seed = bytes.fromhex((tmp_path / "alice.key").read_text().split()[-1])
    public = bytes.fromhex((tmp_path / "alice.pub").read_text().split()[-1])
    key = Ed25519PrivateKey.from_private_bytes(seed)
    assert key.public_key().public_bytes_raw() == public
    kind, identifier, counter, digest, signature = (rules / "rules.sig").read_text().splitlines()[1].split(" ")
    assert (kind, counter) == ("ed25519", "12")
    assert identifier == hashlib.sha256(public).hexdigest()[:16]
    statement = f"processor-host rules signature 1\ndigest {digest}\ncounter 12\n".encode()
    assert bytes.fromhex(signature) == key.sign(statement)


def test_two_of_three_sign_and_the_next_set_has_the_next_counter(run, rules):
    for name in ["alice", "bob", "carol"]:
        run("keygen", name)
    trust = [part for name in ["alice", "bob", "carol"] for part in ("--trust", f"{name}.pub")]
    verify = ["verify", "rules", *trust, "--threshold", "2"]
    assert "the rules are not signed" in run(*verify, status=REFUSED)
    assert "with counter 1" in run("sign", "rules", "--key", "alice.key")
    assert "2 signatures are needed" in run(*verify, status=REFUSED)
    assert "with counter 1" in run("sign", "rules", "--key", "carol.key")
    assert "approved: signed by alice, carol with counter 1" in run(*verify)
    (rules / "a.lua").write_text('return rule { about = "other" }\n')
    assert "signed another set of rules" in run(*verify, status=REFUSED)
    assert "with counter 2" in run("sign", "rules", "--key", "bob.key")
    assert "with counter 2" in run("sign", "rules", "--key", "carol.key")
    assert "approved: signed by bob, carol with counter 2" in run(*verify, "--floor", "2")
    assert "sets below 3 no longer run" in run(*verify, "--floor", "3", status=REFUSED)


def test_only_the_reviewed_digest_is_signed(run, rules):
    run("keygen", "alice")
    digest = run("lock").splitlines()[1].split()[1]
    (rules / "a.lua").write_text('return rule { about = "slipped in" }\n')
    said = run("sign", "--key", "alice.key", "--digest", digest, status=REFUSED)
    assert "not that of --digest" in said and not (rules / "rules.sig").exists()
    assert "rules.lock is of other rules (changed a.lua)" in run("sign", "--key", "alice.key")


def test_keys_of_the_rules_directory_are_not_trusted(run, rules, tmp_path):
    run("keygen", "rules/mallory")
    run("sign", "--key", "rules/mallory.key")
    (tmp_path / "linked.pub").symlink_to("rules/mallory.pub")
    for path in ["rules/mallory.pub", "linked.pub"]:
        assert "is in the rules directory" in run("verify", "--trust", path, status=BAD_RULE)
    (rules / "mallory.pub").rename(tmp_path / "mallory.pub")
    run("verify", "--trust", "mallory.pub")
    said = run("verify", "--trust", "mallory.pub", "--trust", "mallory.pub", "--threshold", "2", status=BAD_RULE)
    assert "are the same" in said


def test_a_private_key_in_a_public_ones_place_is_not_shown(run, rules, tmp_path):
    run("keygen", "alice")
    seed = (tmp_path / "alice.key").read_text().split()[-1]
    assert seed[:12] not in run("verify", "--trust", "alice.key", status=BAD_RULE)
    (tmp_path / "alice.key").write_text((tmp_path / "alice.key").read_text().replace(seed, seed.upper() + "q"))
    said = run("sign", "--key", "alice.key", status=BAD_RULE)
    assert "alice.key:4: expected 'ed25519-seed'" in said and seed[:12] not in said.lower()


def test_the_floor_is_made_once_and_a_missing_one_is_an_error(run, tmp_path):
    assert "--first-use" in run("counter", "floor", status=REFUSED)
    assert run("counter", "floor", "--first-use", "--floor", "41") == "41\n"
    assert "not overwritten" in run("counter", "floor", "--first-use", status=REFUSED)
    assert run("counter", "floor") == "41\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "--threshold", "2"], "name the keys that count with --trust"),
        (["verify", "--floor", "2"], "name the keys that count with --trust"),
        (["keygen", ".a"], "a name has 1 to 64 characters"),
        (["keygen", "keys/"], "a name has 1 to 64 characters"),
        (["keygen", "a b"], "a name has 1 to 64 characters"),
        (["sign", "--key", "a.key", "--counter", "1000000000000000"], "--counter has at most 15 digits"),
        (["counter", "floor", "--floor", "3"], "--floor goes with --first-use"),
        (["log", "verify", "audit.jsonl", "--key", "k", "--head", "1:ab"], "--head takes SEQ:MAC"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_how(run, rules, arguments, said):
    assert said in run(*arguments, status=USAGE)


def audit_lines(count: int) -> list[bytes]:
    """An audit log as another implementation of it writes one."""
    lines, before = [], bytes(32)
    for number in range(1, count + 1):
        event = {"seq": number, "time": "2026-11-21T18:06:12.123Z", "event": "load", "digest": "d", "reason": "é"}
        body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()[:-1]
        code = hmac.new(KEY, b"processor-host audit log 1\n" + before + body, hashlib.sha256)
        before = code.digest()
        lines.append(body + f',"mac":"{code.hexdigest()}"}}\n'.encode())
    return lines


@pytest.fixture
def verify(run, tmp_path):
    """Verifies these lines as a log; what was said."""
    (tmp_path / "audit.key").write_text(KEY.hex() + "\n")
    (tmp_path / "audit.key").chmod(0o600)

    def verify(lines, *options, status=DONE):
        (tmp_path / "audit.jsonl").write_bytes(b"".join(lines))
        return run("log", "verify", "audit.jsonl", "--key", "audit.key", *options, status=status)

    return verify


def head(lines):
    return f"{len(lines)}:{json.loads(lines[-1])['mac']}"


def test_a_log_that_holds_is_told_with_its_head(verify):
    lines = audit_lines(5)
    assert verify(lines, "--head", head(lines), "--head", head(lines[:2])) == f"5 lines hold\nhead {head(lines)}\n"
    assert verify([]) == "0 lines hold\n"


def test_what_was_done_to_a_log_is_told_with_its_line(verify):
    lines = audit_lines(6)
    edited = [*lines[:2], lines[2].replace(b'"load"', b'"swap"'), *lines[3:]]
    assert "audit.jsonl: line 3: the MAC does not hold" in verify(edited, status=REFUSED)
    removed = lines[:2] + lines[3:]
    assert "line 3: number 4 stands where 3 should" in verify(removed, status=REFUSED)
    moved = [lines[0], lines[2], lines[1], *lines[3:]]
    assert "line 2: number 3 stands where 2 should" in verify(moved, status=REFUSED)
    assert "line 6: the log ends in a line that is not finished" in verify([*lines[:5], lines[5][:-9]], status=REFUSED)
    verify(lines[:4])
    assert "the log ends with number 4, and 6 was in it" in verify(lines[:4], "--head", head(lines), status=REFUSED)


@pytest.mark.parametrize("text", ["", KEY.hex()[:-2], KEY.hex()[:-1], KEY.hex() + "zz", f"k: {KEY.hex()}"])
def test_a_key_that_is_none_ends_with_3_and_is_not_shown(run, tmp_path, text):
    (tmp_path / "audit.key").write_text(text)
    (tmp_path / "audit.jsonl").write_bytes(b"".join(audit_lines(1)))
    said = run("log", "verify", "audit.jsonl", "--key", "audit.key", status=BAD_RULE)
    assert "audit.key: " in said and not re.search("0a0b|1a1b|0001", said)


def test_a_log_that_is_not_there_ends_with_1(run, tmp_path):
    (tmp_path / "audit.key").write_text(KEY.hex())
    os.chmod(tmp_path / "audit.key", 0o600)
    assert "cannot be read" in run("log", "verify", "none.jsonl", "--key", "audit.key", status=REFUSED)


def test_a_counter_that_somebody_made_up_is_not_taken_over(run, rules, tmp_path):
    run("keygen", tmp_path / "alice")
    run("keygen", tmp_path / "mallory")
    run("sign", rules, "--key", tmp_path / "alice.key")
    run("sign", rules, "--key", tmp_path / "mallory.key", "--counter", "999999999999998")
    (rules / "a.lua").write_text('return rule { about = "other" }\n')
    said = run("sign", rules, "--key", tmp_path / "alice.key", status=REFUSED)
    assert "--counter" in said
    assert "counter 2" in run("sign", rules, "--key", tmp_path / "alice.key", "--counter", "2")
