#!/usr/bin/env python3
"""Times the benchmark's queries with rapport, SQLite, DuckDB and Polars, in turns.

    benchmark_data.py --sf 1 --out FOLDER
    benchmark.py --data FOLDER [--bench .build/release/rapport-bench] [--rounds 7]
                 [--only NAMES] [--extras] [--json FILE] [--markdown FILE]

Each peer is a process that keeps the data in memory. In each round every query is put to every
peer, one after the other, so that a slow spell of the machine falls on all of them. The first round
is a warm-up: it is not counted, but checks that all answers are equal, and its times of rapport are
kept apart, as rapport makes its indexes then. Everyone answers once in a turn, with what the others
left of the processor's caches; queries that rapport answers in less than 1 ms it is asked five
times more, and the median of these is called warm. A peer that takes long stops after three rounds
or --budget seconds.

Two targets are judged. Against peers: the median over the rounds of the fastest peer's time by
rapport's must be at least 0.9 for each query, and the geometric means of the ratios at least 10 to
DuckDB as it comes and 15 to SQLite. And at scale 1, warm, most milliseconds for a query. --extras:
also import, opening, saving, starting, writing and growth are measured, which takes some minutes.

needs the Python modules numpy, duckdb and polars: pip install numpy duckdb polars

Exit status: 0 all answers agree and all targets hold, 1 an answer differs or a target is missed.
"""

import argparse
import json
import math
import os
import sqlite3
import statistics
import subprocess
import sys
import time

import benchmark_extras
import benchmark_peers
import benchmark_report
from benchmark_queries import QUERIES, TODAY

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(FOLDER))

# A query that rapport answers in fewer milliseconds is asked so many times more.
SHORT = 1.0
REPEATS = 5
# The fewest rounds in which a peer takes part.
FEWEST = 3


class Worker:
    """A process that answers a line of standard input by a line of JSON."""

    def __init__(self, words, environment=None):
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(words)} ended with {self.process.wait()} before its first line")
        self.loaded = json.loads(line)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Contender:
    """Something that answers the queries, and the times it took: by query, by round."""

    def __init__(self, label, worker):
        self.label, self.worker = label, worker
        self.first, self.checks, self.errors = {}, {}, {}
        self.times = {query.name: {} for query in QUERIES}

    def answers(self, query):
        return query.name not in self.errors

    def wants(self, query, round_number, budget):
        """Whether it takes part in a round: it must be able to, and not be too slow for more."""
        if not self.answers(query):
            return False
        return round_number <= FEWEST or self.first[query.name] * round_number <= budget * 1e3

    def warm_up(self, query):
        found = self.ask(query, is_checked=True)
        if "err" in found:
            self.errors[query.name] = found["err"]
        else:
            self.first[query.name], self.checks[query.name] = found["ms"], found["check"]

    def take_turn(self, query, round_number):
        found = self.ask(query)
        if "err" in found:
            self.errors[query.name] = found["err"]
        else:
            self.times[query.name][round_number] = found["ms"]

    def median(self, query):
        return statistics.median(self.times[query.name].values())

    def spread(self, query):
        """The slowest less the fastest, as a share of the median."""
        times = self.times[query.name].values()
        return (max(times) - min(times)) / self.median(query)


class Rapport(Contender):
    """rapport-bench, which takes the names of queries alone and always checks."""

    def __init__(self, bench, folder):
        words = [bench, "--data", folder, "--today", TODAY.isoformat(), "--worker"]
        super().__init__("rapport", Worker(words))
        self.warm_times = {query.name: [] for query in QUERIES}

    def ask(self, query, is_checked=False):
        found = self.worker.ask(query.name)
        if "err" in found or is_checked or is_same(found["check"], self.checks[query.name]):
            return found
        return {"err": f"answered {self.checks[query.name]} at first, then {found['check']}"}

    def take_turn(self, query, round_number):
        super().take_turn(query, round_number)
        times = [self.times[query.name].get(round_number)]
        if times[0] and times[0] < SHORT:
            times = [self.ask(query).get("ms") for _ in range(REPEATS)]
        self.warm_times[query.name] += [statistics.median(times)] if all(times) else []

    def warm_median(self, query):
        """The median over the rounds of the time of runs right after another."""
        return statistics.median(self.warm_times[query.name])

    @property
    def byte_count(self):
        return self.worker.ask("memory")["bytes"]


class Peer(Contender):
    """One of benchmark_peers.py, on so many threads; `None` is as many as it likes."""

    def __init__(self, label, worker, threads=None):
        super().__init__(label, worker)
        self.threads = threads

    def ask(self, query, is_checked=False):
        return self.worker.ask(json.dumps({
            "query": query.name, "threads": self.threads, "check": is_checked}))

    @staticmethod
    def all(folder):
        """The peers with the data loaded. Threads of DuckDB may change while it runs."""
        def start(kind, environment=None):
            print(f"loading {kind}", file=sys.stderr)
            script = os.path.join(FOLDER, "benchmark_peers.py")
            return Worker([sys.executable, script, kind, folder], environment)
        plain, tuned = start("duckdb"), start("duckdb-tuned")
        return [
            Peer("SQLite", start("sqlite")),
            Peer("DuckDB", plain), Peer("DuckDB 1t", plain, threads=1),
            Peer("DuckDB tuned", tuned), Peer("DuckDB tuned 1t", tuned, threads=1),
            Peer("Polars", start("polars")),
            Peer("Polars 1t", start("polars", {"POLARS_MAX_THREADS": "1"})),
        ]


def is_same(one, other):
    """Whether two checks are of equal answers: as many rows, and sums alike but for rounding."""
    return one[0] == other[0] and math.isclose(one[1], other[1], rel_tol=1e-6, abs_tol=1e-3)


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
                for contender in self.contenders(query):
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
        "load": round(os.getloadavg()[0], 1), "rounds": options.rounds,
        "SQLite": sqlite3.sqlite_version, "DuckDB": duckdb.__version__,
        "Polars": polars.__version__, "data": options.data,
    }


def compare(options):
    """Loads everything, plays the rounds and gives the figures."""
    rapport = Rapport(options.bench, options.data)
    benchmark_peers.sqlite_file(options.data)
    peers = Peer.all(options.data)
    run = Run(rapport, peers, chosen(options.only))
    run.play(options.rounds, options.budget)
    figures = benchmark_report.figures(run, conditions(options))
    for worker in {contender.worker for contender in [rapport, *peers]}:
        worker.close()
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="a folder made by benchmark_data.py")
    parser.add_argument("--bench", default=os.path.join(ROOT, ".build/release/rapport-bench"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--budget", type=float, default=20, help="seconds for a peer and a query")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], metavar="NAMES")
    parser.add_argument("--extras", action="store_true", help="measure more than queries")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--markdown", metavar="FILE")
    options = parser.parse_args()
    options.data = os.path.abspath(options.data)
    figures = compare(options)
    if options.extras:
        figures["extras"] = benchmark_extras.measure(options, figures)
    print(benchmark_report.text(figures))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as file:
            file.write(benchmark_report.markdown(figures))
    sys.exit(0 if benchmark_report.all_hold(figures) else 1)


if __name__ == "__main__":
    main()
