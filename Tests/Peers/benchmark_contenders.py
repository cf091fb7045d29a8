"""Those who answer the benchmark's queries: rapport and its peers, each a process with the data.

A process prints a line of JSON when it is ready and answers each line by one.
"""

import json
import math
import os
import statistics
import subprocess
import sys

from benchmark_queries import QUERIES, TODAY

FOLDER = os.path.dirname(os.path.abspath(__file__))

# A query that rapport answers in fewer milliseconds is asked so many times more.
SHORT = 5.0
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
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        # A process that was killed, for want of memory it may be, is told of like any error.
        return json.loads(answer) if answer else {"err": f"ended: {self.process.wait()}"}

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
        taken = self.times[query.name].get(round_number)
        if taken is None:
            return
        again = [self.ask(query) for _ in range(REPEATS)] if taken < SHORT else []
        times = [found["ms"] for found in again if "ms" in found] or [taken]
        self.warm_times[query.name].append(statistics.median(times))

    def warm_median(self, query):
        """The median over the rounds of the time of runs right after another."""
        return statistics.median(self.warm_times[query.name])

    @property
    def byte_count(self):
        """Bytes of columns and indexes now."""
        return self.worker.ask("memory").get("bytes", 0)


class Peer(Contender):
    """One of benchmark_peers.py, on so many threads; `None` is as many as it likes."""

    def __init__(self, label, worker, threads=None):
        super().__init__(label, worker)
        self.threads = threads

    def ask(self, query, is_checked=False):
        return self.worker.ask(json.dumps({
            "query": query.name, "threads": self.threads, "check": is_checked}))

    @staticmethod
    def start(kind, folder, environment=None):
        """A process with the data loaded."""
        script = os.path.join(FOLDER, "benchmark_peers.py")
        return Worker([sys.executable, script, kind, folder], environment)

    @classmethod
    def all(cls, folder):
        """All peers. Those of DuckDB share a process, as its threads may change while it runs."""
        plain, tuned = cls.start("duckdb", folder), cls.start("duckdb-tuned", folder)
        return [
            cls("SQLite", cls.start("sqlite", folder)),
            cls("DuckDB", plain), cls("DuckDB 1t", plain, threads=1),
            cls("DuckDB tuned", tuned), cls("DuckDB tuned 1t", tuned, threads=1),
            cls("Polars", cls.start("polars", folder)),
            cls("Polars 1t", cls.start("polars", folder, {"POLARS_MAX_THREADS": "1"})),
        ]


def is_same(one, other):
    """Whether two checks are of equal answers: as many rows, and sums alike but for rounding."""
    return one[0] == other[0] and math.isclose(one[1], other[1], rel_tol=1e-6, abs_tol=1e-3)
