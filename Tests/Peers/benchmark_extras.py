"""What the benchmark measures beside queries: import, opening, saving, starting, writing, growth.

Each is a measure: a name, the median of some runs with its unit, a detail to be shown, and what is
wanted in words, with whether it holds at full scale; none where nothing is wanted.
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
# What is wanted.
LEAST_IMPORT_SPEED = 350
MOST_OPENING = 6
MOST_STARTING = 6
# A row at full scale may cost so many times what it costs at a hundredth.
MOST_GROWTH = 1.25
SMALL_SCALE = 0.01

POINT = f"find customers where id = {CUSTOMER} show name"
GROUP = "find customers group by stage show stage, count(), sum(value)"
POINT_SQL = f"SELECT name FROM customers WHERE id = {CUSTOMER}"
GROUP_SQL = "SELECT stage, count(*), sum(value) FROM customers GROUP BY stage"


def measure(options):
    """All measures of a run, and the growth of each query."""
    with tempfile.TemporaryDirectory(prefix="rapport-benchmark-") as folder:
        extras = Extras(options, folder)
        for step in [extras.imports, extras.saving, extras.opening, extras.starting,
                     extras.peers_opening, extras.peers_loading]:
            print(f"measuring {step.__name__.replace('_', ' ')}", file=sys.stderr)
            step()
        return {"measures": extras.measures, "notes": extras.notes(),
                "growth": growth(options, folder + "/small")}


class Extras:
    """Measures the program beside rapport-bench in a folder of its own."""

    def __init__(self, options, folder):
        self.data, self.folder, self.measures = options.data, folder, []
        self.rapport = os.path.join(os.path.dirname(os.path.abspath(options.bench)), "rapport")
        self.environment = {**os.environ, "HOME": folder, "XDG_DATA_HOME": folder + "/data",
                            "XDG_STATE_HOME": folder + "/state"}
        self.store = folder + "/shop.rapport"
        self.csv_size = sum(os.path.getsize(f"{self.data}/{table}.csv") for table in TABLES)
        with open(f"{self.data}/customers.csv", "rb") as file:
            customer_count = sum(1 for _ in file) - 1
        self.is_full = customer_count >= 1_000_000

    def notes(self):
        return [f"{self.csv_size / 1e6:,.0f} MB of CSV files. In process: from opening to the last"
                " row of the answer, called from Python; the others are whole processes, start and"
                " end included.",
                "targets are for scale 1 on two cores."]

    def add(self, name, values, unit, detail="", target="", holds=None):
        self.measures.append({
            "name": name, "value": statistics.median(values), "unit": unit,
            "values": list(values), "detail": detail, "target": target,
            "holds": holds(statistics.median(values)) if holds and self.is_full else None})

    def run(self, *words):
        """Runs rapport; gives the milliseconds that each statement took, and the whole process."""
        started = time.perf_counter()
        result = subprocess.run(
            [self.rapport, "--today", TODAY.isoformat(), "-q", "--timing", *words],
            capture_output=True, text=True, env=self.environment)
        whole = (time.perf_counter() - started) * 1e3
        if result.returncode != 0:
            sys.exit(f"rapport {' '.join(words)} ended with {result.returncode}: "
                     f"{result.stderr[-4000:]}")
        times = re.findall(r"took ([\d.,]+) ms", result.stderr)
        return [float(number.replace(",", "")) for number in times], whole

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
            remove(self.store)
            seconds = {"memory": sum(self.run(*self.import_words())[0]) / 1e3,
                       "file": sum(self.run(self.store, *self.import_words())[0]) / 1e3}
            for kind in ["duckdb", "polars"]:
                worker = Peer.start(kind, self.data)
                seconds[kind] = worker.loaded["load_s"]
                worker.close()
            for name, taken in seconds.items():
                speeds[name].append(self.csv_size / 1e6 / taken)
        theirs = statistics.median(speeds["duckdb"])
        mine = speeds["memory"]
        self.add("import into memory", mine, "MB/s", self.seconds(mine),
                 f"{LEAST_IMPORT_SPEED} MB/s, and DuckDB's",
                 lambda speed: speed >= max(LEAST_IMPORT_SPEED, theirs))
        self.add("import into a file", speeds["file"], "MB/s", self.seconds(speeds["file"]))
        for kind, name in [("duckdb", "DuckDB"), ("polars", "Polars")]:
            self.add(f"{name}: load into memory", speeds[kind], "MB/s",
                     self.seconds(speeds[kind]))

    def seconds(self, speeds):
        return f"{self.csv_size / 1e6 / statistics.median(speeds):.2f} s"

    def saving(self):
        """Saving what was imported into memory, and writing it as CSV."""
        path, written = self.folder + "/saved.rapport", self.folder + "/customers.csv"
        saves, writes = [], []
        for _ in range(3):
            remove(path)
            times, _ = self.run("--csv", "-o", written, *self.import_words(),
                                "-c", f'save "{path}"', "-c", "find customers")
            saves.append(times[-2])
            writes.append(os.path.getsize(written) / 1e3 / times[-1])
        self.add("save to a new file", saves, "ms", f"{os.path.getsize(path) / 1e6:,.0f} MB")
        self.add("write customers as CSV", writes, "MB/s",
                 f"{os.path.getsize(written) / 1e6:,.0f} MB")

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
        for name, statement in [("one customer", POINT), ("a group", GROUP)]:
            words = [self.store, "--read-only", "-c", statement]
            first = self.run(*words)[1]
            whole = [self.run(*words)[1] for _ in range(9)]
            self.add(f"process: open a file, {name}", whole, "ms", f"first {first:.1f} ms")
            opening = [each - statistics.median(nothing) for each in whole]
            is_scan = statement == GROUP
            self.add(f"open a file, {name}", opening, "ms", "less start and end",
                     f"{MOST_OPENING} ms" if is_scan else "",
                     (lambda taken: taken <= MOST_OPENING) if is_scan else None)

    def starting(self):
        """From the start of the process to its prompt on a terminal."""
        times = [time_to_prompt([self.rapport], b"rapport>", self.environment) for _ in range(15)]
        self.add("start to prompt", times, "ms", "", f"{MOST_STARTING} ms",
                 lambda taken: taken <= MOST_STARTING)
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
            f"at most {MOST_GROWTH} is wanted: more means that time grows faster than data.",
            "Caches of a processor hold the small data and not the large; sorting grows by a"
            " logarithm more."]}
    for each in [small, large]:
        each.worker.close()
    return found


def growth_of(query, small, large):
    """How many times what it costs in the small data a row costs in the large."""
    sizes = [each.worker.loaded["rows"]["customers"] for each in [small, large]]
    times = [each.warm_median(query) for each in [small, large]]
    factor = times[1] / times[0] / (sizes[1] / sizes[0])
    return {"name": query.name, "small_ms": times[0], "large_ms": times[1], "factor": factor,
            "holds": factor <= MOST_GROWTH if sizes[1] >= 1_000_000 else None}
