"""Reloads rules under full load, a thousand times: good and broken sets in turn, written in every way.

    scripts/reload-storm [--count N] [--seconds N] [EXECUTABLE]

Every span that leaves is held against the digest on it, every span that was sent has to arrive once, memory has to stay
flat and no lane may stand still for long. What is checked and how: Tests/Conformance/storm.py.
"""

import argparse
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Conformance"))

import storm  # noqa: E402
from serving import RunningHost, exporters_to  # noqa: E402

# What memory may grow by, from the first fifth of the reloads to the last of them.
GROWTH_BYTES = 16 << 20
# What a lane may stand still for to exchange its rules, in 99 of 100 cases.
PAUSE_SECONDS = 0.001


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("executable", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1000, help="reloads (1000)")
    parser.add_argument("--seconds", type=float, default=3600, help="after which no more are begun (3600)")
    options = parser.parse_args()
    sink = storm.CheckingSink("http")
    hosts = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)

        def serve(rules):
            hosts.append(RunningHost(options.executable.resolve(), folder / "host", exporters_to([sink]), {}, rules))
            return hosts[0]

        try:
            figures = storm.run(serve, sink, folder / "storm", options.count, options.seconds, say=print_now)
            status = hosts[0].stop(60)
        finally:
            for host in hosts:
                host.kill()
            sink.close()
    return tell(figures, status, options.count)


def tell(figures: storm.Figures, status: int, count: int) -> int:
    pauses = figures.pauses
    p50, p99 = pauses.at_most(0.5), pauses.at_most(0.99)
    times = sorted(figures.times)
    print(f"reloads              {figures.reloads} ({figures.good} good, {figures.broken} broken) in {figures.seconds:.0f} s")
    print(f"ways to write        {', '.join(f'{way} {number}' for way, number in sorted(figures.ways.items()))}")
    print(f"spans                {figures.spans}, {figures.spans / figures.seconds:.0f} a second; {figures.pushed_back} requests pushed back")
    print(f"sets seen on spans   {figures.sets_seen}; spans hidden again {figures.hidden_again}")
    print(f"from write to told   median {times[len(times) // 2]:.2f} s, longest {times[-1]:.2f} s")
    print(f"pause of a lane      {pauses.count}: p50 <= {p50 * 1e6:g} us, p99 <= {p99 * 1e6:g} us, longest {pauses.longest * 1e6:.0f} us")
    print(f"memory               {figures.memory[-1] >> 20} MiB, {figures.growth / (1 << 20):+.1f} MiB since a fifth of the reloads")
    for skipped in sorted(figures.skipped):
        print(f"skipped              {skipped}")
    failures = [f"{fault}: {number}" for fault, number in figures.faults.items()]
    if figures.reloads < count:
        print(f"the time was over after {figures.reloads} of {count} reloads")
    if p99 > PAUSE_SECONDS:
        failures.append(f"pauses are longer than {PAUSE_SECONDS * 1e3:g} ms at the 99th percentile")
    if figures.growth > GROWTH_BYTES:
        failures.append(f"memory has grown by more than {GROWTH_BYTES >> 20} MiB")
    if status != 0:
        failures.append(f"the host ended with status {status}")
    for failure in failures:
        print(f"FAILED               {failure}")
    return 1 if failures else 0


def print_now(line: str):
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
