"""What the benchmark measures beside queries: import, opening, saving, starting, writing, growth.

Each is a measure: a name, the median of some runs with its unit, and a detail to be shown. What is
demanded of it stands in benchmark_limits.json.
"""

import os
import pty
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import benchmark_data
import benchmark_peers
from benchmark_contenders import Peer, Rapport
from benchmark_queries import CUSTOMER, QUERIES, TODAY

TABLES = ["employees", "customers", "orders", "interactions", "complaints"]
# Growth is measured from so much data.
SMALL_SCALE = 0.01

POINT = f"find customers where id = {CUSTOMER} show name"
GROUP = "find customers group by stage show stage, count(), sum(value)"
POINT_SQL = f"SELECT name FROM customers WHERE id = {CUSTOMER}"
GROUP_SQL = "SELECT stage, count(*), sum(value) FROM customers GROUP BY stage"
# Changes of one record, each with a question that reads what it changes.
NEW_ORDER = f"add order customer = {CUSTOMER}, date = {TODAY}, amount = 99.50, status = paid"
CHANGES = [
    ("a group", f"update customer {CUSTOMER} set value = 1234.56", GROUP),
    ("a customer's orders", NEW_ORDER,
     f"find orders where customer = {CUSTOMER} show id, date, amount top 10 by date"),
    ("sums of orders", NEW_ORDER,
     "find customers show id, sum(orders.amount in last 90 days) as revenue top 100 by revenue"),
]


def measure(options):
    """All measures of a run, and the growth of each query."""
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as folder:
        extras = Extras(options, folder)
        for step in [extras.imports, extras.saving, extras.writing, extras.opening,
                     extras.starting, extras.changing, extras.peers_opening,
                     extras.peers_loading]:
            print(f"measuring {step.__name__.replace('_', ' ')}", file=sys.stderr)
            step()
        print("measuring growth", file=sys.stderr)
        grown = growth(options, folder + "/small")
        judged = [query for query in grown["queries"] if query["is_judged"]]
        worst = max(judged, key=lambda query: query["factor"], default=None)
        if worst:
            extras.add("growth of a row's cost", [worst["factor"]], "times", worst["name"])
        return {"measures": extras.measures, "notes": extras.notes(), "growth": grown}


class Extras:
    """Measures the program beside rapport-bench in a folder of its own."""

    def __init__(self, options, folder):
        self.data, self.folder, self.measures = options.data, folder, []
        self.rapport = os.path.join(os.path.dirname(os.path.abspath(options.bench)), "rapport")
        self.environment = {**os.environ, "HOME": folder, "XDG_DATA_HOME": folder + "/data",
                            "XDG_STATE_HOME": folder + "/state"}
        # What was imported into a file, and what was imported into memory and then saved.
        self.imported, self.saved = folder + "/imported.rapport", folder + "/saved.rapport"
        self.csv_size = sum(os.path.getsize(f"{self.data}/{table}.csv") for table in TABLES)
        self.row_count = sum(line_count(f"{self.data}/{table}.csv") - 1 for table in TABLES)

    def notes(self):
        return [f"{self.csv_size / 1e6:,.0f} MB of CSV files. In process: from opening to the last"
                " row of the answer, called from Python; the others are whole processes, start and"
                " end included.",
                "targets are for scale 1 on two cores."]

    def add(self, name, values, unit, detail=""):
        self.measures.append({"name": name, "value": statistics.median(values), "unit": unit,
                              "values": list(values), "detail": detail})

    def run(self, *words):
        """Runs rapport; gives the milliseconds that each statement took, and the whole process."""
        started = time.perf_counter()
        result = subprocess.run(self.command(*words), capture_output=True, text=True,
                                env=self.environment)
        whole = (time.perf_counter() - started) * 1e3
        self.hold_good(result.returncode, words, result.stderr)
        return statement_times(result.stderr), whole

    def run_into_pipe(self, *words):
        """Runs rapport with another program behind it that counts what it prints; gives the
        milliseconds that each statement took, and the bytes."""
        with tempfile.TemporaryFile("w+") as errors:
            rapport = subprocess.Popen(self.command(*words), stdout=subprocess.PIPE,
                                       stderr=errors, env=self.environment)
            counted = subprocess.run(["wc", "-c"], stdin=rapport.stdout, capture_output=True,
                                     text=True, check=True)
            rapport.stdout.close()
            status = rapport.wait()
            errors.seek(0)
            told = errors.read()
        self.hold_good(status, words, told)
        return statement_times(told), int(counted.stdout)

    def command(self, *words):
        return [self.rapport, "--today", TODAY.isoformat(), "-q", "--timing", *words]

    @staticmethod
    def hold_good(status, words, errors):
        if status != 0:
            sys.exit(f"rapport {' '.join(words)} ended with {status}: {errors[-4000:]}")

    def import_words(self):
        """Statements that import all files, each to be timed."""
        maps = {"interactions": ' map "date" to at'}
        return [word for table in TABLES for word in (
            "-c", f'import {table} from "{self.data}/{table}.csv"{maps.get(table, "")}')]

    # -- Data in and out ---------------------------------------------------------------------------

    def imports(self):
        """Import into memory and into a file, in turns with DuckDB's and Polars'."""
        speeds = {name: [] for name in ["memory", "file", "duckdb", "polars"]}
        for _ in range(3):
            remove(self.imported)
            seconds = {"memory": sum(self.run(*self.import_words())[0]) / 1e3,
                       "file": sum(self.run(self.imported, *self.import_words())[0]) / 1e3}
            for kind in ["duckdb", "polars"]:
                worker = Peer.start(kind, self.data)
                seconds[kind] = worker.loaded["load_s"]
                worker.close()
            for name, taken in seconds.items():
                speeds[name].append(self.csv_size / 1e6 / taken)
        for kind, name in [("memory", "import into memory"), ("file", "import into a file")]:
            self.add(name, speeds[kind], "MB/s", self.seconds(speeds[kind]))
        bytes_per_row = self.csv_size / 1e6 / self.row_count
        self.add("import into a file, rows", [speed / bytes_per_row for speed in speeds["file"]],
                 "rows/s", f"{self.row_count:,} rows")
        for kind, name in [("duckdb", "DuckDB"), ("polars", "Polars")]:
            self.add(f"{name}: load into memory", speeds[kind], "MB/s",
                     self.seconds(speeds[kind]))

    def seconds(self, speeds):
        return f"{self.csv_size / 1e6 / statistics.median(speeds):.2f} s"

    def saving(self):
        """Saving what was imported into memory."""
        saves = []
        for _ in range(3):
            remove(self.saved)
            saves.append(self.run(*self.import_words(), "-c", f'save "{self.saved}"')[0][-1])
        self.add("save to a new file", saves, "ms", f"{os.path.getsize(self.saved) / 1e6:,.0f} MB")

    def writing(self):
        """All customers as CSV, into a file and into a pipe, at second sight: nothing is loaded."""
        written = self.folder + "/customers.csv"
        twice = [self.saved, "--read-only", "--csv", "-c", "find customers", "-c", "find customers"]
        to_file, to_pipe = [], []
        for _ in range(5):
            times, _ = self.run("-o", written, *twice)
            byte_count = os.path.getsize(written) / 2
            to_file.append(byte_count / 1e3 / times[-1])
            times, byte_count = self.run_into_pipe(*twice)
            to_pipe.append(byte_count / 2 / 1e3 / times[-1])
        remove(written)
        detail = f"{byte_count / 2 / 1e6:,.0f} MB"
        self.add("write customers to a CSV file", to_file, "MB/s", detail)
        self.add("write customers as CSV into a pipe", to_pipe, "MB/s", detail)

    def changing(self):
        """Questions right after one record has changed; the slowest by what it took before."""
        before, after = {name: [] for name, _, _ in CHANGES}, {name: [] for name, _, _ in CHANGES}
        words = [word for _, change, query in CHANGES
                 for statement in [query] * 4 + [change, query] for word in ("-c", statement)]
        for _ in range(3):
            times = self.run(*self.import_words(), *words)[0][-6 * len(CHANGES):]
            for place, (name, _, _) in enumerate(CHANGES):
                own = times[6 * place:6 * place + 6]
                before[name].append(statistics.median(own[1:4]))
                after[name].append(own[5])
        worst = max(after, key=lambda name: statistics.median(after[name]))
        self.add("query after one change", after[worst], "ms",
                 f"{worst}; {statistics.median(before[worst]):.2f} ms before")
        for name in after:
            if name != worst:
                self.add(f"query after one change: {name}", after[name], "ms",
                         f"{statistics.median(before[name]):.2f} ms before")

    def peers_loading(self):
        """SQLite with its indexes, through Python's module, once, as it takes long."""
        started = time.perf_counter()
        benchmark_peers.load_sqlite(self.data, ":memory:")
        seconds = time.perf_counter() - started
        self.add("SQLite: load into memory, with indexes", [self.csv_size / 1e6 / seconds], "MB/s",
                 f"{seconds:.2f} s")

    # -- Opening and starting ----------------------------------------------------------------------

    def opening(self):
        """From nothing to the answer over a file, and the same without opening a file."""
        nothing = [self.run("-c", "calc 1")[1] for _ in range(15)]
        self.add("process: start, answer, end", nothing, "ms")
        for path, name, statement in [
                (self.saved, "open a file, one customer", POINT),
                (self.saved, "open a file, a group", GROUP),
                (self.imported, "open a file never saved, a group", GROUP)]:
            words = [path, "--read-only", "-c", statement]
            first = self.run(*words)[1]
            whole = [self.run(*words)[1] for _ in range(9)]
            self.add(f"process: {name}", whole, "ms", f"first {first:.1f} ms")
            opening = [each - statistics.median(nothing) for each in whole]
            self.add(name, opening, "ms", "less start and end")

    def starting(self):
        """From the start of the process to its prompt on a terminal."""
        times = [time_to_prompt([self.rapport], b"rapport>", self.environment) for _ in range(15)]
        self.add("start to prompt", times, "ms")
        for name, prompt in [("sqlite3", b"sqlite>"), ("duckdb", b"D ")]:
            program = shutil.which(name)
            if program:
                times = [time_to_prompt([program], prompt, self.environment) for _ in range(15)]
                self.add(f"{name}: start to prompt", times, "ms")

    def peers_opening(self):
        """Files of SQLite and DuckDB, opened in process; and DuckDB writing customers as CSV."""
        import duckdb
        path, written = self.folder + "/shop.duckdb", self.folder + "/duckdb.csv"
        with duckdb.connect(path) as connection:
            benchmark_peers.load_duckdb(connection, self.data, False)
            writes = []
            for _ in range(3):
                started = time.perf_counter()
                connection.execute(f"COPY customers TO '{written}' (HEADER)")
                writes.append(os.path.getsize(written) / 1e6 / (time.perf_counter() - started))
        self.add("DuckDB: write customers as CSV", writes, "MB/s")
        lite = benchmark_peers.sqlite_file(self.data)
        for name, sql in [("one customer", POINT_SQL), ("a group", GROUP_SQL)]:
            self.add(f"SQLite: open a file, {name}",
                     [time_of(lambda: sqlite3.connect(lite), sql) for _ in range(9)],
                     "ms", "in process")
            self.add(f"DuckDB: open a file, {name}",
                     [time_of(lambda: duckdb.connect(path, read_only=True), sql)
                      for _ in range(9)], "ms", "in process")


def line_count(path):
    with open(path, "rb") as file:
        return sum(1 for _ in file)


def statement_times(told):
    """The milliseconds that each statement took, of what `--timing` tells."""
    return [float(number.replace(",", "")) for number in re.findall(r"took ([\d.,]+) ms", told)]


def time_of(connect, sql):
    """Milliseconds from opening a database to the last row of an answer."""
    started = time.perf_counter()
    connection = connect()
    connection.execute(sql).fetchall()
    taken = (time.perf_counter() - started) * 1e3
    connection.close()
    return taken


def time_to_prompt(words, prompt, environment):
    """Milliseconds from the start of a program on a terminal to its prompt."""
    started = time.perf_counter()
    process, terminal = pty.fork()
    if process == 0:
        os.execve(words[0], words, environment)
    seen, taken = b"", None
    try:
        while chunk := os.read(terminal, 4096):
            seen += chunk
            if taken is None and prompt in seen:
                taken = (time.perf_counter() - started) * 1e3
                os.write(terminal, b"\x04")
    except OSError:
        pass  # the program has gone, and its end of the terminal with it
    os.waitpid(process, 0)
    os.close(terminal)
    if taken is None:
        sys.exit(f"{words[0]} never showed {prompt.decode()}: {seen.decode(errors='replace')}")
    return taken


def remove(path):
    """Removes a data file and what stands beside it."""
    for suffix in ["", "-wal", "-shm", "-journal"]:
        if os.path.exists(path + suffix):
            os.remove(path + suffix)


# -- Growth ----------------------------------------------------------------------------------------

def growth(options, small_folder):
    """What a row costs of each query here, by what it costs over 10,000 customers."""
    benchmark_data.generate(small_folder, SMALL_SCALE)
    small, large = Rapport(options.bench, small_folder), Rapport(options.bench, options.data)
    queries = [query for query in QUERIES if not options.only or query.name in options.only]
    for number in range(options.rounds + 1):
        for query in queries:
            for each in [small, large]:
                if number == 0:
                    each.warm_up(query)
                elif each.answers(query):
                    each.take_turn(query, number)
    found = {
        "small": small.worker.loaded["rows"]["customers"],
        "large": large.worker.loaded["rows"]["customers"],
        "queries": [growth_of(query, small, large) for query in queries
                    if small.answers(query) and large.answers(query)],
        "notes": [
            "more than 1 means that time grows faster than data; not judged where pairs do so too.",
            "Caches of a processor hold the small data and not the large; sorting grows by a"
            " logarithm more."]}
    for each in [small, large]:
        each.worker.close()
    return found


def growth_of(query, small, large):
    """How many times what it costs in the small data a row costs in the large."""
    sizes = [each.worker.loaded["rows"]["customers"] for each in [small, large]]
    times = [each.warm_median(query) for each in [small, large]]
    return {"name": query.name, "is_judged": not query.is_of_pairs,
            "small_ms": times[0], "large_ms": times[1],
            "factor": times[1] / times[0] / (sizes[1] / sizes[0])}
