#!/usr/bin/env python3
"""Answers the benchmark's queries with SQLite, DuckDB or Polars, as a worker of benchmark.py.

    benchmark_peers.py {sqlite,duckdb,duckdb-tuned,polars} FOLDER

Loads the files of the folder and prints a line of JSON: the seconds it took and the bytes that the
process grew by. Then each line on standard input is answered by one of JSON:

    {"query": "group_stage", "threads": 1, "check": true}
    {"ms": 1.234, "check": [rows, sum of all numbers]}      or {"err": "what went wrong"}

SQLite   in memory, with an index for each query that gains by one, and ANALYZE; its rows are
         copied from FOLDER/benchmark.sqlite, which is made anew when a file is younger
duckdb   in memory; tuned, with columns of few values as ENUM, and indexes
Polars   in memory, with columns of few values as Enum; threads as POLARS_MAX_THREADS says

The time is that from the call to the last row of the answer in Python.
"""

import csv
import datetime
import json
import os
import sqlite3
import sys
import time

import benchmark_queries
from benchmark_data import CHOICES

COLUMNS = {
    "customers": {
        "id": "INTEGER", "name": "VARCHAR", "email": "VARCHAR", "region": "VARCHAR",
        "industry": "VARCHAR", "stage": "VARCHAR", "value": "DOUBLE", "joined": "DATE",
        "owner_id": "INTEGER", "satisfaction": "INTEGER"},
    "orders": {
        "id": "INTEGER", "customer_id": "INTEGER", "date": "DATE", "amount": "DOUBLE",
        "status": "VARCHAR"},
    "interactions": {
        "id": "INTEGER", "customer_id": "INTEGER", "channel": "VARCHAR", "date": "DATE",
        "outcome": "VARCHAR"},
    "complaints": {
        "id": "INTEGER", "customer_id": "INTEGER", "opened": "DATE", "resolved": "DATE",
        "severity": "VARCHAR"},
}

SQLITE_TYPES = {"INTEGER": "INTEGER", "VARCHAR": "TEXT", "DOUBLE": "REAL", "DATE": "TEXT"}

SQLITE_INDEXES = """
CREATE UNIQUE INDEX customer_email ON customers(email);
CREATE INDEX customer_name ON customers(name);
CREATE INDEX customer_stage ON customers(stage, value DESC);
CREATE INDEX customer_region ON customers(region, stage, value);
CREATE INDEX customer_value ON customers(value);
CREATE INDEX customer_industry ON customers(industry, satisfaction);
CREATE INDEX customer_owner ON customers(owner_id, satisfaction);
CREATE INDEX order_customer ON orders(customer_id, date, amount);
CREATE INDEX order_date ON orders(date, customer_id, amount);
CREATE INDEX interaction_customer ON interactions(customer_id, date, outcome);
CREATE INDEX interaction_outcome ON interactions(outcome, date, channel, customer_id);
CREATE INDEX complaint_customer ON complaints(customer_id, resolved);
CREATE INDEX complaint_open ON complaints(severity, resolved, customer_id);
ANALYZE;
"""

DUCKDB_INDEXES = """
CREATE UNIQUE INDEX customer_id ON customers(id);
CREATE UNIQUE INDEX customer_email ON customers(email);
CREATE INDEX order_customer ON orders(customer_id);
"""

ADDRESS = f"SELECT email FROM customers WHERE id = {benchmark_queries.CUSTOMER}"


class SQLite:
    def __init__(self, folder):
        self.connection = sqlite3.connect(":memory:")
        with sqlite3.connect(sqlite_file(folder)) as file:
            file.backup(self.connection)
        file.close()
        self.connection.execute("PRAGMA temp_store = MEMORY")
        self.email = self.connection.execute(ADDRESS).fetchone()[0]

    def answer(self, query):
        return self.connection.execute(query.sqlite.replace("{email}", self.email)).fetchall()

    @staticmethod
    def rows(answer):
        return answer


def sqlite_file(folder):
    """A file of SQLite's with the data, made where it is not there or older than the data."""
    path = f"{folder}/benchmark.sqlite"
    sources = [f"{folder}/{table}.csv" for table in COLUMNS]
    if not os.path.exists(path) or os.path.getmtime(path) < max(map(os.path.getmtime, sources)):
        if os.path.exists(path + ".new"):
            os.remove(path + ".new")
        load_sqlite(folder, path + ".new")
        os.replace(path + ".new", path)
    return path


def load_sqlite(folder, path):
    """Imports the files into a new one of SQLite's, with indexes and statistics."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                             "PRAGMA cache_size = -2000000; PRAGMA temp_store = MEMORY;")
    for table, columns in COLUMNS.items():
        definitions = [f"{name} {SQLITE_TYPES[kind]}" + (" PRIMARY KEY" if name == "id" else "")
                       for name, kind in columns.items()]
        connection.execute(f"CREATE TABLE {table}({', '.join(definitions)})")
        # An empty cell is an unknown value.
        marks = ", ".join("nullif(?, '')" for _ in columns)
        with open(f"{folder}/{table}.csv", newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            next(reader)
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", reader)
    connection.commit()
    connection.executescript(SQLITE_INDEXES)
    connection.close()


class DuckDB:
    def __init__(self, folder, is_tuned=False):
        import duckdb
        self.connection = duckdb.connect(":memory:")
        load_duckdb(self.connection, folder, is_tuned)
        self.email = self.connection.execute(ADDRESS).fetchone()[0]
        self.default_threads = self.connection.execute(
            "SELECT current_setting('threads')").fetchone()[0]
        self.threads = self.default_threads

    def use(self, threads):
        """Sets the number of threads; none is as many as it uses by itself."""
        wanted = threads or self.default_threads
        if wanted != self.threads:
            self.connection.execute(f"SET threads = {wanted}")
            self.threads = wanted

    def answer(self, query):
        result = self.connection.execute(query.duckdb.replace("{email}", self.email))
        return result.fetchnumpy() if query.is_long else result.fetchall()

    @staticmethod
    def rows(answer):
        if isinstance(answer, dict):
            return list(zip(*(column.tolist() for column in answer.values())))
        return answer


def load_duckdb(connection, folder, is_tuned):
    types = {}
    if is_tuned:
        for name, values in CHOICES.items():
            types[name] = f"{name}_choice"
            listed = ", ".join(f"'{value}'" for value in sorted(values))
            connection.execute(f"CREATE TYPE {types[name]} AS ENUM ({listed})")
    for table, columns in COLUMNS.items():
        columns = {name: types.get(name, kind) for name, kind in columns.items()}
        definitions = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        described = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        connection.execute(f"CREATE TABLE {table}({definitions})")
        connection.execute(f"INSERT INTO {table} SELECT * FROM read_csv('{folder}/{table}.csv',"
                           f" header = true, columns = {{{described}}})")
    if is_tuned:
        connection.execute(DUCKDB_INDEXES)


class Polars:
    def __init__(self, folder):
        import polars
        self.polars = polars
        self.frames = load_polars(folder, polars)
        customers = self.frames["customers"]
        self.email = customers.filter(
            polars.col("id") == benchmark_queries.CUSTOMER)["email"][0]
        self.tables = {table: frame.lazy() for table, frame in self.frames.items()}

    def answer(self, query):
        return query.polars(self.tables, self.email, self.polars).collect()

    @staticmethod
    def rows(answer):
        return answer.rows()


def load_polars(folder, polars):
    types = {"INTEGER": polars.Int32, "VARCHAR": polars.String, "DOUBLE": polars.Float64,
             "DATE": polars.String}
    frames = {}
    for table, columns in COLUMNS.items():
        schema = {name: polars.Enum(sorted(CHOICES[name])) if name in CHOICES else types[kind]
                  for name, kind in columns.items()}
        frame = polars.read_csv(f"{folder}/{table}.csv", schema=schema)
        frames[table] = frame.with_columns(
            polars.col(name).str.to_date("%Y-%m-%d")
            for name, kind in columns.items() if kind == "DATE")
    return frames


PEERS = {"sqlite": SQLite, "duckdb": DuckDB,
         "duckdb-tuned": lambda folder: DuckDB(folder, is_tuned=True), "polars": Polars}


def check(rows):
    """What equal answers have in common, whatever their order: rows, and the sum of all numbers."""
    total = 0.0
    for row in rows:
        for value in row:
            if isinstance(value, (list, tuple)):
                total += sum(value)
            elif isinstance(value, (int, float)):
                total += value
            elif value is not None and not isinstance(value, (str, datetime.date)):
                total += float(value)
    return [len(rows), total]


def measure(peer, request):
    """The time of a query, and where it is wanted a check of the answer."""
    query = next(each for each in benchmark_queries.QUERIES if each.name == request["query"])
    if isinstance(peer, DuckDB):
        peer.use(request["threads"])
    started = time.perf_counter()
    answer = peer.answer(query)
    found = {"ms": (time.perf_counter() - started) * 1e3}
    if request["check"]:
        found["check"] = check(peer.rows(answer))
    return found


def resident():
    """Bytes of memory this process has."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main():
    kind, folder = sys.argv[1:]
    if kind == "sqlite":
        sqlite_file(folder)
    else:
        __import__(kind.removesuffix("-tuned"))
    before, started = resident(), time.perf_counter()
    peer = PEERS[kind](folder)
    loaded = {"load_s": time.perf_counter() - started, "bytes": resident() - before}
    print(json.dumps(loaded), flush=True)
    for line in sys.stdin:
        try:
            found = measure(peer, json.loads(line))
        except Exception as error:  # a peer that cannot answer is told of, not hidden
            found = {"err": repr(error)[:300]}
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
