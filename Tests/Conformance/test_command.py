"""The command line itself: inputs, outputs, what it says and how it ends."""

import gzip
import json
import re
import subprocess

import pytest

from conftest import ROOT
from host import BAD_RULE, DONE, REFUSED, STRIPPED, USAGE

RECORDING = ROOT / "Examples/recording/ticket-service.otlp.pb"
LINES = ROOT / "Examples/recording/ticket-service.otlp.jsonl"
SECRET = "whs_2b6c81f4d07e-made-up"

RENAMING = """
return rule {
  about = "Writes the name.",
  can = { rewrite = { "name" } },
  on_span = function(span) span.name = "written" end,
}
"""


@pytest.fixture
def run(executable, tmp_path):
    """Runs the executable in a folder of the test's own; standard input is given as bytes."""

    def run(*arguments, status=DONE, stdin=b""):
        done = subprocess.run([executable, *map(str, arguments)], input=stdin, capture_output=True, cwd=tmp_path, timeout=60)
        assert done.returncode == status, done.stderr.decode()
        return done

    return run


def test_standard_input_is_an_input_and_gzip_is_unpacked(run):
    plain = run("process", "--chain", "none", "--format", "proto", RECORDING).stdout
    assert plain == RECORDING.read_bytes()
    packed = gzip.compress(RECORDING.read_bytes())
    assert run("process", "--chain", "none", "--format", "proto", "-", stdin=packed).stdout == plain
    # A gzip file may be several, one behind the other.
    twice = run("process", "--chain", "none", "--format", "proto", "-", stdin=packed + packed).stdout
    assert twice == plain + plain


def test_damaged_gzip_is_refused_and_the_next_input_is_processed(run, tmp_path):
    damaged = tmp_path / "damaged.gz"
    damaged.write_bytes(gzip.compress(RECORDING.read_bytes())[:-40])
    done = run("process", "--chain", "none", "--format", "proto", damaged, RECORDING, status=REFUSED)
    assert done.stdout == RECORDING.read_bytes()
    assert b"damaged.gz: the gzip data is damaged or cut off" in done.stderr


def test_several_inputs_come_out_as_one_valid_request(run):
    done = run("process", "--chain", "none", "--format", "proto", RECORDING, RECORDING)
    assert done.stdout == RECORDING.read_bytes() * 2


def test_json_and_protobuf_of_one_recording_give_the_same_spans(run):
    from_json = run("process", "--chain", "none", "--format", "jsonl", LINES).stdout
    from_protobuf = run("process", "--chain", "none", "--format", "json", RECORDING).stdout
    joined = [span for line in from_json.splitlines() for span in json.loads(line)["resourceSpans"]]
    assert joined == json.loads(from_protobuf)["resourceSpans"]


def test_a_bad_line_is_named_and_its_neighbours_come_through(run, tmp_path):
    lines = LINES.read_text().splitlines()
    lines[2] = lines[2][:-30]
    broken = tmp_path / "broken.jsonl"
    broken.write_text("\n".join(lines))
    done = run("process", "--chain", "none", "--format", "jsonl", broken, status=REFUSED)
    assert len(done.stdout.splitlines()) == len(lines) - 1
    assert b"broken.jsonl, line 3: " in done.stderr


def test_unknown_json_fields_are_counted_and_one_is_named(run):
    document = b'{"resourceSpans":[{"scopeSpans":[{"spans":[],"colour":1}],"shape":{"a":2}}]}'
    said = run("process", "--chain", "none", "-", stdin=document).stderr.decode()
    assert "ignored: 2 JSON fields that OTLP does not have, $.resourceSpans[0]" in said


def test_a_missing_input_is_named_and_the_rest_is_processed(run):
    done = run("process", "--chain", "none", "--format", "proto", "missing.pb", RECORDING, status=REFUSED)
    assert done.stdout == RECORDING.read_bytes()
    assert b"missing.pb: cannot be read" in done.stderr


def test_an_output_file_appears_whole_and_standard_output_stays_empty(run, tmp_path):
    done = run("process", "--chain", "none", "--format", "proto", "--output", "out.pb", RECORDING)
    assert done.stdout == b""
    assert (tmp_path / "out.pb").read_bytes() == RECORDING.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["out.pb"]


def test_an_input_is_never_overwritten(run, tmp_path):
    copy = tmp_path / "copy.pb"
    copy.write_bytes(RECORDING.read_bytes())
    done = run("process", "--chain", "none", "--output", "copy.pb", copy, status=USAGE)
    assert b"would be overwritten" in done.stderr
    assert copy.read_bytes() == RECORDING.read_bytes()


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("attributes.customer.name", "takes keys as they stand on the span, not paths: customer.name"),
        (" note", "has a name with space around it"),
    ],
)
def test_names_that_would_match_nothing_are_refused(run, host, term, said):
    rules = host.write_rules({"near": f'return rule {{ about = "Near.", hide = {{ match.names {{ "{term}" }} }} }}'})
    assert said in run("check", rules, status=BAD_RULE).stderr.decode()


def test_an_output_that_cannot_be_written_is_wrong_usage(run):
    done = run("process", "--chain", "none", "--output", "no/such/folder/out.pb", RECORDING, status=USAGE)
    assert b"cannot be written" in done.stderr


def test_a_reader_that_goes_away_ends_it_quietly(executable, tmp_path):
    """As `process … | head` does: more comes out than a pipe holds, and nobody reads on."""
    big = tmp_path / "big.pb"
    big.write_bytes(RECORDING.read_bytes() * 50)
    command = [executable, "process", "--chain", "none", "--format", "text", big]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(100)
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=60) == DONE
    assert errors == b""


@pytest.mark.parametrize(
    "arguments",
    [
        ["process"],
        ["bogus"],
        ["process", "--format", "xml", str(RECORDING)],
        ["process", "--set", "nonsense", str(RECORDING)],
        # As an unset shell variable gives it: running no rule must be said, with none.
        ["process", "--chain", "", str(RECORDING)],
        ["process", "--chain", ",", str(RECORDING)],
    ],
)
def test_wrong_usage_ends_with_2_and_says_how(run, arguments):
    assert b"Usage:" in run(*arguments, status=USAGE).stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rules", "nowhere"], "nowhere: the directory cannot be read"),
        (["--rules", ROOT / "rules", "--chain", "redcat"], "there is no rule redcat; did you mean redact?"),
        (["--rules", ROOT / "rules", "--set", "slow_trace.treshold=1s"], "no setting treshold; did you mean threshold?"),
        (["--rules", ROOT / "rules", "--set", "truncate.description=501"], "must be from 0 to 500"),
        (["--rules", ROOT / "rules", "--set", "truncate.description=ten"], "must be a whole number, not ten"),
        (["--rules", ROOT / "rules", "--set", "slowtrace.threshold=1s"], "did you mean slow_trace?"),
    ],
)
def test_rules_that_do_not_load_end_with_3(run, arguments, said):
    done = run("process", *arguments, RECORDING, status=BAD_RULE)
    assert said in done.stderr.decode()
    assert done.stdout == b""


def test_an_empty_rules_directory_lets_nothing_pass(run, tmp_path):
    (tmp_path / "empty").mkdir()
    done = run("process", "--rules", "empty", RECORDING, status=BAD_RULE)
    assert b"chain.lua: the file is missing" in done.stderr
    assert done.stdout == b""


def test_settings_and_the_chain_can_be_given(run):
    done = run("process", "--rules", ROOT / "rules", "--chain", "sample", "--set", "sample.ratio=0", "--format", "proto", RECORDING)
    # Errors are kept, the rest goes.
    assert 0 < len(done.stdout) < len(RECORDING.read_bytes()) / 2
    assert b"sampled out: ratio" in done.stderr


def test_a_failing_rule_that_strips_ends_with_4_and_leaks_nothing(run, host):
    rules = host.write_rules(
        {
            "broken": """
            local cards = match.names { "card" }
            return rule {
              about = "Fails on every span.",
              on_span = function(span)
                span:hide(cards)
                local nothing = nil
                return nothing.field
              end,
            }"""
        }
    )
    done = run("process", "--rules", rules, "--format", "proto", RECORDING, status=STRIPPED)
    assert SECRET.encode() not in done.stdout
    assert b"[stripped]" in done.stdout
    assert b"broken.lua:8" in done.stderr


def test_explain_says_what_each_rule_did_and_shows_no_value(run, host):
    rules = host.write_rules({"renaming": RENAMING, "redact": (ROOT / "rules/redact.lua").read_text()},
                             {path.stem: path.read_text().splitlines() for path in (ROOT / "rules/lists").glob("*.txt")})
    said = run("process", "--rules", rules, "--explain", "--format", "proto", RECORDING).stderr.decode()
    assert "renaming: set name" in said
    assert "hide: attributes.webhook_secret, mark by words, redact.lua:5" in said
    for line in (ROOT / "Examples/recording/planted.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            assert line not in said


def test_explain_names_an_attribute_that_a_rule_added_and_removed(run, host):
    rules = host.write_rules(
        {
            "fickle": """
            return rule {
              about = "Adds and removes.",
              can = { set = { added = "boolean" } },
              on_span = function(span) span.attributes.added = true span.attributes.added = nil end,
            }"""
        }
    )
    said = run("process", "--rules", rules, "--explain", "--format", "proto", RECORDING).stderr.decode()
    assert "fickle: removed attributes.added" in said
    assert {line for line in said.splitlines() if "removed attributes." in line} == {"  fickle: removed attributes.added"}


def test_what_a_rule_says_of_itself_cannot_command_a_terminal(run, host):
    rules = host.write_rules({"loud": 'return rule { about = "\\27[2K fine", hide = { match.names { "a" } } }'})
    shown = run("check", rules).stdout.decode()
    assert "\u001b" not in shown
    assert "\\u{1b}[2K fine" in shown


def test_text_cannot_command_a_terminal(run, tmp_path):
    span = {"traceId": "1" * 32, "spanId": "2" * 16, "name": "a\u001b[2Jb\u202ec", "attributes": []}
    document = tmp_path / "odd.json"
    document.write_text(json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}))
    shown = run("process", "--chain", "none", "--format", "text", document).stdout.decode()
    assert "\u001b" not in shown and "\u202e" not in shown
    assert "\\u{1b}[2Jb\\u{202e}c" in shown


def test_the_rules_tests_are_run_and_a_failure_is_a_diff_of_the_span(run, host):
    rules = host.write_rules({"renaming": RENAMING})
    (rules / "renaming.test.lua").write_text(
        'test "the name is another" { given = span { name = "old" }, expect = span { name = "new" } }\n'
        'test "all else stays" { given = span { name = "old" }, expect = span { name = "written" } }\n'
    )
    done = run("test", rules, status=REFUSED)
    assert "✗ the name is another (line 1)" in done.stdout.decode()
    assert '      - name = "new"\n      + name = "written"\n' in done.stdout.decode()
    assert done.stdout.decode().endswith("1 passed, 1 failed\n")


def test_check_loads_rules_outside_of_the_chain_too(run, host):
    rules = host.write_rules({"renaming": RENAMING})
    (rules / "spare.lua").write_text("return rule { about = 'Nothing.' }\n")
    done = run("check", rules, status=BAD_RULE)
    assert "spare.lua:1: the rule has no effect" in done.stderr.decode()


def test_check_shows_what_the_leak_battery_planted(run):
    text = run("check", "--matrix", ROOT / "rules").stdout.decode()
    assert "none left" in text
    for surface in ("attribute key", "map ten deep", "trace state", "unknown field", "resource schema URL"):
        assert surface in text
    assert "match.text credit_card (mark), redact.lua:" in text
    assert "LEAK" not in text


def test_explain_tells_of_one_trace_and_shows_no_value(run):
    rules = ROOT / "rules"
    everything = run("process", "--rules", rules, "--explain", "--format", "proto", RECORDING).stderr.decode()
    spans = [line for line in everything.splitlines() if line.startswith("span ")]
    trace = spans[-1].split()[-1]
    said = run("explain", "--rules", rules, "--trace", trace.upper(), RECORDING).stdout.decode()
    assert [line for line in said.splitlines() if line.startswith("span ")] == [s for s in spans if s.endswith(trace)]
    assert "hide: " in said and "redact.lua:" in said and "  kept" in said
    assert SECRET not in said
    # Both name the same decisions.
    assert {line for line in said.splitlines() if line.startswith("  hide")} <= set(everything.splitlines())


def test_check_says_that_the_host_writes_why_a_trace_stays(run):
    shown = run("check", ROOT / "rules").stdout.decode()
    assert "sets sampling.reason to the reason for which a trace stays" in shown


def test_explain_says_for_which_reason_a_whole_trace_stays(run):
    said = run("process", "--rules", ROOT / "rules", "--set", "sample.whole_trace=true", "--explain", "--format", "proto", RECORDING)
    traces = re.findall(r"^trace \w+, \d+ spans\n(?:  .+\n)+", said.stderr.decode(), re.MULTILINE)
    assert traces
    for trace in traces:
        reason = re.search(r"^  kept: (\w+)$", trace, re.MULTILINE)[1]
        assert f"  sample: set attributes.sampling.reason on all spans, if {reason} decides" in trace


def test_explain_says_where_there_is_no_such_trace(run):
    said = run("explain", "--rules", ROOT / "rules", "--trace", "0" * 31 + "1", RECORDING, status=REFUSED)
    assert "no span of the trace" in said.stderr.decode() and not said.stdout
    run("explain", "--rules", ROOT / "rules", "--trace", "not an id", RECORDING, status=USAGE)


def test_without_a_rules_directory_the_rules_that_come_with_the_host_run(run):
    # Advice to switch rules off would end in secrets that leave.
    done = run("process", RECORDING)
    assert "the rules that come with the host run" in done.stderr.decode()
    assert SECRET not in done.stdout.decode()
    for command in [["check"], ["audit"]]:
        assert "redact" in run(*command).stdout.decode()
