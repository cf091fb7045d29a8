#!/usr/bin/env python3
"""Asks other databases what `sql for DIALECT` means, and compares with rapport's own answers.

    conformance.py --rapport .build/debug/rapport --store shop.rapport --queries queries.crm \\
        [--today 2026-06-30] [duckdb] [postgres]

The store's tables are copied with real types (numeric(17, 2), date, timestamp, boolean). A query
stands on a line of its own; `--` begins a comment. Without names of peers all that are here are asked.

duckdb    needs the Python module: pip install duckdb
postgres  needs the server's programs: apt-get install postgresql. A server of its own is started in
          a new folder and stopped at the end; it listens on a socket there and nowhere else. The
          server refuses to run as root, so for root it runs as the user postgres.

Exit status: 0 all agree, 1 something differs, 77 no peer is here.
"""

import argparse
import datetime
import decimal
import glob
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

TYPES = {
    "text": "text", "choice": "text", "money": "numeric(17, 2)", "number": "double precision",
    "integer": "bigint", "date": "date", "time": "timestamp", "flag": "boolean",
}


def tables(store):
    """The tables of a store: name, (column, type) for each field, and the rows."""
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    entities = connection.execute('select id, "table", key from _rapport_entities').fetchall()
    fields = connection.execute(
        'select entity, id, "column", type, target from _rapport_fields'
        ' where "column" is not null order by entity, id').fetchall()
    types = {(entity, field): kind for entity, field, _, kind, _ in fields}
    keys = {entity: types[entity, key] for entity, _, key in entities}
    for entity, table, _ in entities:
        columns = [(column, TYPES[keys[target] if kind == "reference" else kind])
                   for owner, _, column, kind, target in fields if owner == entity]
        names = ", ".join(f'"{column}"' for column, _ in columns)
        yield table, columns, connection.execute(f'select {names} from "{table}"').fetchall()


def typed(value, kind):
    """A cell of the store as the peer has it."""
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind.startswith("numeric"):
        return decimal.Decimal(str(value)).quantize(decimal.Decimal("0.01"))
    return value


class DuckDB:
    name = "duckdb"

    @staticmethod
    def is_here():
        return importlib.util.find_spec("duckdb") is not None

    def __init__(self, store):
        import duckdb
        self.connection = duckdb.connect(":memory:")
        for table, columns, rows in tables(store):
            definition = ", ".join(f'"{name}" {kind}' for name, kind in columns)
            self.connection.execute(f'create table "{table}" ({definition})')
            marks = ", ".join("?" for _ in columns)
            cells = [[typed(cell, kind) for cell, (_, kind) in zip(row, columns)] for row in rows]
            if cells:
                self.connection.executemany(f'insert into "{table}" values ({marks})', cells)

    def answers(self, statements):
        for statement in statements:
            try:
                cursor = self.connection.execute(statement)
                names = [column[0] for column in cursor.description]
                yield [dict(zip(names, row)) for row in cursor.fetchall()]
            except Exception as error:
                yield str(error)

    def close(self):
        self.connection.close()


class Postgres:
    name = "postgres"

    @staticmethod
    def programs():
        found = shutil.which("initdb")
        if found:
            return os.path.dirname(found)
        folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        return folders[-1] if folders else None

    @classmethod
    def is_here(cls):
        return cls.programs() is not None and shutil.which("psql") is not None

    def __init__(self, store):
        self.folder = tempfile.mkdtemp(prefix="rapport-postgres-")
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] \
            if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(self.folder, "postgres")
        self.server("initdb", "-D", self.folder + "/data", "-U", "rapport", "-A", "trust",
                    "--encoding=UTF8", "--locale=C.UTF-8")
        self.server("pg_ctl", "-D", self.folder + "/data", "-w", "-l", self.folder + "/log", "-o",
                    f"-c listen_addresses='' -c fsync=off -k {self.folder}", "start")
        script = []
        for table, columns, rows in tables(store):
            definition = ", ".join(f'"{name}" {kind}' for name, kind in columns)
            script.append(f'create table "{table}" ({definition});')
            script.append(f'copy "{table}" from stdin;')
            for row in rows:
                cells = [typed(cell, kind) for cell, (_, kind) in zip(row, columns)]
                script.append("\t".join(self.escaped(cell) for cell in cells))
            script.append("\\.")
            script += [f'create index on "{table}" ("{name}");' for name, _ in columns
                       if name.endswith("_id")]
        script.append("analyze;")
        self.psql("\n".join(script))

    def server(self, program, *words):
        subprocess.run([*self.user, f"{self.programs()}/{program}", *words], check=True,
                       stdout=subprocess.DEVNULL, cwd=self.folder)

    def psql(self, script):
        return subprocess.run(
            ["psql", "-h", self.folder, "-U", "rapport", "-d", "postgres", "-X", "-q", "-A", "-t"],
            input=script, capture_output=True, text=True, check=True)

    @staticmethod
    def escaped(cell):
        if cell is None:
            return "\\N"
        return str(cell).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")

    def answers(self, statements):
        for statement in statements:
            body = statement.strip().rstrip(";")
            result = self.psql(f"set statement_timeout = '20s';\n"
                               f"select to_json(answer) from (\n{body}\n) as answer;")
            if result.stderr:
                yield result.stderr
            else:
                yield [json.loads(line, parse_float=decimal.Decimal)
                       for line in result.stdout.splitlines()]

    def close(self):
        self.server("pg_ctl", "-D", self.folder + "/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


def plain(value):
    """A value as both sides are compared."""
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float, decimal.Decimal)):
        return float(value)
    return value


def is_same(mine, theirs):
    mine, theirs = plain(mine), plain(theirs)
    if isinstance(mine, float) and isinstance(theirs, float):
        return abs(mine - theirs) <= 1e-9 * max(abs(mine), abs(theirs), 1)
    return mine == theirs


def difference(mine, theirs):
    """What differs between two lists of rows; none where nothing does."""
    if isinstance(theirs, str):
        return theirs
    if len(mine) != len(theirs):
        return f"{len(mine)} rows here, {len(theirs)} there"
    for number, (own, other) in enumerate(zip(mine, theirs)):
        if list(own) != list(other):
            return f"columns {list(own)} here, {list(other)} there"
        for name in own:
            if not is_same(own[name], other[name]):
                return f"row {number}, {name}: {own[name]!r} here, {other[name]!r} there"
    return None


def run(rapport, store, today, statements):
    """What each statement prints; none for one that rapport refuses."""
    script = "".join(f"calc {number} as peer_marker;\n{statement};\n"
                     for number, statement in enumerate(statements))
    result = subprocess.run(
        [rapport, "--read-only", store, "--today", today, "--keep-going", "-q", "-m", "jsonl",
         "-f", "-"], input=script, capture_output=True, text=True)
    outputs = {}
    current = None
    for line in result.stdout.splitlines():
        if line.startswith('{"peer_marker":'):
            current = json.loads(line)["peer_marker"]
            outputs[current] = []
        else:
            outputs[current].append(line)
    if result.returncode not in (0, 1):
        sys.exit(f"rapport ended with {result.returncode}: {result.stderr[-4000:]}")
    return [outputs.get(number, []) for number in range(len(statements))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rapport", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--queries", required=True)
    parser.add_argument("--today", default="2026-06-30")
    parser.add_argument("peers", nargs="*", choices=["duckdb", "postgres", []])
    options = parser.parse_args()
    peers = [peer for peer in (DuckDB, Postgres)
             if peer.is_here() and (not options.peers or peer.name in options.peers)]
    if not peers:
        print("neither duckdb nor postgres is here")
        sys.exit(77)
    with open(options.queries, encoding="utf-8") as file:
        queries = [line.strip() for line in file
                   if line.strip() and not line.startswith("--")]
    mine = [[json.loads(line) for line in lines]
            for lines in run(options.rapport, options.store, options.today, queries)]
    has_failed = False
    for kind in peers:
        statements = ["\n".join(lines) for lines in run(
            options.rapport, options.store, options.today,
            [f"sql for {kind.name} {query}" for query in queries])]
        peer = kind(options.store)
        try:
            asked = [place for place, statement in enumerate(statements) if statement]
            answers = peer.answers(statements[place] for place in asked)
            count = 0
            for place, theirs in zip(asked, answers):
                words = difference(mine[place], theirs)
                count += words is None
                if words:
                    has_failed = True
                    print(f"{kind.name}: {queries[place]}\n{words}\n{statements[place]}\n")
            print(f"{kind.name}: {count} of {len(queries)} queries agree"
                  f", {len(queries) - len(asked)} not written")
        finally:
            peer.close()
    sys.exit(1 if has_failed else 0)


main()
