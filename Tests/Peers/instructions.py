#!/usr/bin/env python3
"""Counts the instructions that each of the benchmark's queries takes, and compares with those kept.

    instructions.py [--bench .build/release/rapport-bench] [--only NAMES] [--growth] [--update]

A clock tells little on a shared machine; the instructions that valgrind counts are the same within
one in a hundred on every run. Each query runs three times over generated data of 5,000 customers,
from its text to the last value of its answer: the first runs make indexes, the third finds them.
Where one takes more than 1.1 times the instructions in instructions.json, this fails; --update
keeps what was counted instead. Counts depend on the compiler and the processor's kind, which are
kept with them: whoever changes either keeps new counts first, of the state before. With --only the
third run alone is judged, as what others have made before is not there.

--growth: each query also runs over eight times as many customers, and the third run may cost at
most 1.25 times as much a row, so at most ten times as much, but where it is about pairs of facts.
That takes some minutes.

needs a release build: swift build -c release --product rapport-bench
needs valgrind, and the Python module numpy: pip install numpy

Exit status: 0 all is well or valgrind is not here, 1 a query takes more than it did.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

import benchmark_data
from benchmark_limits import measure_limit
from benchmark_queries import QUERIES, TODAY

FOLDER = os.path.dirname(os.path.abspath(__file__))
KEPT = os.path.join(FOLDER, "instructions.json")

# 5,000 customers: the one that is asked for by name has to be among them.
SCALE = 0.005
RUNS = 3
GROWN_BY = 8
# How many times what was kept a count may be.
MOST = 1.1
PAIRS = [query.name for query in QUERIES if query.is_of_pairs]
MOST_GROWTH = measure_limit("growth of a row's cost")["most"]
# What answers one query in rapport-bench, as the compiler calls it: counts are written down
# whenever it is entered.
ENTRY = "*BenchmarkStoreC5check*F"


def counts(bench, scale, names):
    """For each query the instructions of each run, one right after the other."""
    with tempfile.TemporaryDirectory(prefix="rapport-instructions-") as folder:
        benchmark_data.generate(folder + "/data", scale)
        # What is written down on entry belongs to the run before, so one more run ends the last.
        asked = [name for name in names for _ in range(RUNS)]
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/counts",
             f"--dump-before={ENTRY}", bench, "--data", folder + "/data",
             "--today", TODAY.isoformat(), "--worker"],
            input="".join(f"{name}\n" for name in [*asked, names[0]]), text=True, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            # Swift's sets and dictionaries are in the same order on each run then.
            env={**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"})
        # The first of the files holds what went before the first query.
        found = [total(f"{folder}/counts.{place + 2}") for place in range(len(asked))]
    return {name: found[RUNS * place:RUNS * (place + 1)] for place, name in enumerate(names)}


def total(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if match := re.match(r"(?:totals|summary): (\d+)", line):
                return int(match[1])
    sys.exit(f"valgrind has counted nothing in {path}")


def compiler():
    """What the counts depend on beside the code."""
    told = subprocess.run(["swiftc", "--version"], capture_output=True, text=True,
                          check=False).stdout if shutil.which("swiftc") else ""
    version = re.search(r"Swift version [\d.]+", told)
    return f"{version[0] if version else 'unknown compiler'}, {platform.machine()}"


def compare(found, kept, judged):
    """Prints the counts beside those kept; gives what has grown in the runs that are judged."""
    grown = []
    runs = ["first", "second", "third"]
    print(f"{'query':22}" + "".join(f"{run:>16}{'':8}" for run in runs))
    for name, now in found.items():
        before = kept.get(name)
        cells = []
        for place, count in enumerate(now):
            factor = count / before[place] if before else None
            cells.append(f"{count:>16,}{'' if factor is None else f'{factor - 1:+.1%}':>8}")
            if factor is not None and factor > MOST and place in judged:
                grown.append(f"{name}, {runs[place]} run: took {before[place]:,},"
                             f" takes {factor:.2f} times that")
        if not before:
            grown.append(f"{name}: was never counted")
        print(f"{name:22}{''.join(cells)}".rstrip())
    return grown


def compare_growth(small, large):
    """Prints what a row costs in more data by what it costs in less; gives what has grown."""
    grown = []
    print(f"\n{'query':22}{'cost of a row':>16}")
    for name, found in small.items():
        factor = large[name][-1] / found[-1] / GROWN_BY
        print(f"{name:22}{factor:>16.2f}")
        if factor > MOST_GROWTH and name not in PAIRS:
            grown.append(f"{name}: a row costs {factor:.2f} times as much in {GROWN_BY} times the"
                         " data")
    return grown


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench",
                        default=os.path.join(FOLDER, "..", "..", ".build/release/rapport-bench"))
    parser.add_argument("--only", type=lambda text: text.split(","), metavar="NAMES", default=[])
    parser.add_argument("--growth", action="store_true", help="count over more data as well")
    parser.add_argument("--update", action="store_true", help="keep what is counted")
    options = parser.parse_args()
    everything = [query.name for query in QUERIES]
    if unknown := set(options.only) - set(everything):
        parser.error(f"there is no query {', '.join(sorted(unknown))}")
    if options.only and options.update:
        parser.error("--update keeps the counts of all queries, without --only")
    names = options.only or everything
    if not shutil.which("valgrind"):
        print("SKIPPED: valgrind is not here, no instructions were counted")
        return
    if not os.path.exists(options.bench):
        parser.error(f"{options.bench} is not here: swift build -c release")
    kept = {"made by": compiler(), "counts": {}}
    if os.path.exists(KEPT):
        with open(KEPT, encoding="utf-8") as file:
            kept = json.load(file)
    found = counts(options.bench, SCALE, names)
    grown = compare(found, kept["counts"], range(RUNS - 1, RUNS) if options.only else range(RUNS))
    if options.update:
        write({"made by": compiler(), "counts": found})
        grown = []
    elif kept["made by"] != compiler():
        print(f"note: the counts kept are of {kept['made by']}, this is {compiler()}")
    if options.growth:
        grown += compare_growth(found, counts(options.bench, SCALE * GROWN_BY, names))
    if grown:
        print("\nTAKES MORE INSTRUCTIONS\n" + "\n".join(grown))
        sys.exit(1)


def write(kept):
    lines = ",\n".join(f'  "{name}": {json.dumps(pair)}' for name, pair in kept["counts"].items())
    with open(KEPT, "w", encoding="utf-8") as file:
        file.write(f'{{"made by": {json.dumps(kept["made by"])}, "counts": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()
