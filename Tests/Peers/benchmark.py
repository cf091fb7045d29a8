#!/usr/bin/env python3
"""Times the benchmark's queries with rapport, SQLite, DuckDB and Polars, in turns.

    benchmark_data.py --sf 1 --out FOLDER
    benchmark.py --data FOLDER [--bench .build/release/rapport-bench] [--rounds 7]
                 [--only NAMES] [--extras] [--json FILE] [--markdown FILE] [--readme FILE]
    benchmark.py --from FILE [--markdown FILE] [--readme FILE]

Each peer is a process that keeps the data in memory. In each round every query is put to every
peer, one after the other, so that a slow spell of the machine falls on all of them. The first round
is a warm-up: it is not counted, but checks that all answers are equal, and its times of rapport are
kept apart, as rapport makes its indexes then. Everyone answers once in a turn, with what the others
left of the processor's caches, and who is the first in a turn changes from round to round. Queries
that rapport answers in less than 5 ms it is asked five times more, and the median of these is
called warm. A peer that takes long stops after three rounds or --budget seconds.

Two targets are judged. Against peers: the median over the rounds of the fastest peer's time by
rapport's must be at least 0.9 for each query, and the geometric means of the ratios at least 10 to
DuckDB as it comes and 15 to SQLite. And at scale 1, warm, most milliseconds for a query. What is
demanded stands in benchmark_limits.json. --extras: also import, opening, saving, starting, writing,
a change and growth are measured, which takes some minutes.

--json keeps the figures, --from shows those that were kept. --readme puts a table of them between
two marks in that file, which is how the table in README.md is made:

    benchmark.py --data FOLDER --extras --json run.json --readme README.md

needs a release build: swift build -c release; --extras judges how a static one starts, with
--static-swift-stdlib
needs the Python modules numpy, duckdb and polars: pip install numpy duckdb polars

Exit status: 0 all answers agree and all targets hold, 1 an answer differs or a target is missed.
"""

import argparse
import json
import os
import platform
import sqlite3
import statistics
import sys
import time

import benchmark_extras
import benchmark_peers
import benchmark_readme
import benchmark_report
from benchmark_contenders import FEWEST, Peer, Rapport, is_same
from benchmark_queries import QUERIES

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Run:
    """The times of all contenders, and what follows from them."""

    def __init__(self, rapport, peers, queries):
        self.rapport, self.peers, self.queries = rapport, peers, queries
        self.rows = rapport.worker.loaded["rows"]

    def contenders(self, query):
        return [self.rapport] + (self.peers if query.sqlite else [])

    def play(self, round_count, budget):
        for query in self.queries:
            for contender in self.contenders(query):
                contender.warm_up(query)
        print("warmed up", file=sys.stderr)
        for number in range(1, round_count + 1):
            for query in self.queries:
                asked = self.contenders(query)
                first = number % len(asked)
                for contender in asked[first:] + asked[:first]:
                    is_needed = contender is self.rapport and contender.answers(query)
                    if is_needed or contender.wants(query, number, budget):
                        contender.take_turn(query, number)
            print(f"round {number} of {round_count}", file=sys.stderr)

    def problems(self):
        """What could not be answered, and answers that differ from those of the first peer."""
        for query in self.queries:
            asked = self.contenders(query)
            checks = {each.label: each.checks[query.name] for each in [*asked[1:], asked[0]]
                      if query.name in each.checks}
            for label, check in checks.items():
                first = next(iter(checks))
                if not is_same(check, checks[first]):
                    yield f"{query.name}: {label} has {check}, {first} {checks[first]}"
            for each in asked:
                if query.name in each.errors:
                    yield f"{query.name}: {each.label}: {each.errors[query.name]}"

    def ratio(self, query, peers):
        """The median over the rounds of the time of the fastest of some peers by rapport's."""
        ratios = []
        for number, mine in self.rapport.times[query.name].items():
            theirs = [peer.times[query.name][number] for peer in peers
                      if number in peer.times[query.name]]
            if theirs:
                ratios.append(min(theirs) / mine)
        return statistics.median(ratios) if ratios else None

    def best(self, query):
        """The peer with the least median; none where no peer is asked."""
        asked = [peer for peer in self.peers if peer.times[query.name]]
        return min(asked, key=lambda peer: peer.median(query), default=None)

    def mean_ratio(self, label):
        """The geometric mean over the queries of rapport's ratios to one peer."""
        peers = [peer for peer in self.peers if peer.label == label]
        ratios = [self.ratio(query, peers) for query in self.queries]
        known = [ratio for ratio in ratios if ratio]
        return statistics.geometric_mean(known) if known else None


def chosen(names):
    """The queries that were asked for, all where none is named."""
    known = {query.name: query for query in QUERIES}
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"there is no query {', '.join(unknown)}; there are {', '.join(known)}")
    return [known[name] for name in names] or QUERIES


def conditions(options):
    """What the figures depend on."""
    import duckdb
    import polars
    return {
        "date": time.strftime("%Y-%m-%d %H:%M"), "cores": os.cpu_count(),
        "processor": processor(),
        "load": round(os.getloadavg()[0], 1), "rounds": options.rounds,
        "SQLite": sqlite3.sqlite_version, "DuckDB": duckdb.__version__,
        "Polars": polars.__version__, "data": os.path.basename(options.data),
    }


def processor():
    """The processor as the system names it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":")[1] for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return " ".join((names or [platform.machine()])[0].replace("(R)", "").split())


def compare(options):
    """Loads everything, plays the rounds and gives the figures."""
    queries = chosen(options.only)
    print("loading", file=sys.stderr)
    rapport = Rapport(options.bench, options.data)
    benchmark_peers.sqlite_file(options.data)
    peers = Peer.all(options.data)
    run = Run(rapport, peers, queries)
    run.play(options.rounds, options.budget)
    figures = benchmark_report.figures(run, conditions(options))
    for worker in {contender.worker for contender in [rapport, *peers]}:
        worker.close()
    if options.extras:
        figures["extras"] = benchmark_extras.measure(options)
    return figures


def kept(path):
    """The figures of an earlier run."""
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", help="a folder made by benchmark_data.py")
    parser.add_argument("--from", dest="kept", metavar="FILE", help="show figures that were kept")
    parser.add_argument("--bench", default=os.path.join(ROOT, ".build/release/rapport-bench"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--budget", type=float, default=20, help="seconds for a peer and a query")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], metavar="NAMES")
    parser.add_argument("--extras", action="store_true", help="measure more than queries")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--markdown", metavar="FILE")
    parser.add_argument("--readme", metavar="FILE", help="put a table between the marks in it")
    options = parser.parse_args()
    if (options.data is None) == (options.kept is None):
        parser.error("either --data or --from is needed")
    if options.kept:
        figures = benchmark_report.complete(kept(options.kept))
    else:
        options.data = os.path.abspath(options.data)
        if options.rounds < FEWEST:
            parser.error(f"--rounds takes {FEWEST} or more")
        if not os.path.exists(options.bench):
            parser.error(f"{options.bench} is not here: swift build -c release")
        figures = benchmark_report.complete(compare(options))
    print(benchmark_report.text(figures))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.write(benchmark_report.markdown(figures))
    if options.readme:
        benchmark_readme.put(figures, options.readme)
    sys.exit(0 if benchmark_report.all_hold(figures) else 1)


if __name__ == "__main__":
    main()
