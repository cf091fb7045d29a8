"""The table of a run in README.md: between two marks, a line for each query and each measure.

A test holds the table to have a line for each query and each measure, with the limits of
benchmark_limits.json; what was measured is up to the run.
"""

import sys
import textwrap

from benchmark_limits import (FULL_SCALE, LEAST_MEANS, LEAST_RATIO, MEASURES, MOST_MILLISECONDS,
                              excess, wanted)
from benchmark_report import quantity, time

BEGIN, END = "<!-- benchmark: begin -->", "<!-- benchmark: end -->"
PEERS = ["SQLite", "DuckDB", "Polars"]


def put(figures, path):
    """Replaces what stands between the marks of a file by the table of a run."""
    lacking = set(MOST_MILLISECONDS) - {query["name"] for query in figures["queries"]}
    if lacking or figures["rows"]["customers"] < FULL_SCALE or figures["problems"]:
        sys.exit(f"{path} is left as it is: its table needs a run of all queries at scale 1,"
                 " all answers equal")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{path} has no place for the table: {BEGIN} and {END}, once each")
    head, rest = text.split(BEGIN)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{head}{BEGIN}\n{section(figures)}{END}{rest.split(END)[1]}")


def section(figures):
    lines = [*wrapped(conditions(figures)), "", *wrapped(summary(figures)), ""]
    lines += ["| query | ms | warm | at most | best peer | ms | ratio | |",
              "|---|---:|---:|---:|---|---:|---:|---|"]
    lines += [query_row(query) for query in figures["queries"]]
    lines += ["", "| beside the queries | | wanted | |", "|---|---:|---|---|"]
    lines += [mean_row(label, figures["means"][label]) for label in LEAST_MEANS]
    measured = {measure["name"]: measure for measure in figures["measures"]}
    lines += [measure_row(limit, measured.get(limit["name"])) for limit in MEASURES]
    return "\n".join(lines) + "\n"


def wrapped(text):
    return textwrap.wrap(text, 124, break_long_words=False, break_on_hyphens=False)


def conditions(figures):
    known = figures["conditions"]
    machine = f"{known['cores']} cores" + (
        f" ({known['processor']})" if "processor" in known else "")
    versions = ", ".join(f"{name} {known[name]}" for name in PEERS)
    return (f"{known['date']}, {machine}, {known['rounds']} rounds over"
            f" {figures['rows']['customers']:,} customers and {figures['rows']['orders']:,} orders;"
            f" {versions}, each as it comes and tuned.")


def summary(figures):
    """How much is met, what the columns mean, and what is not judged."""
    queries = [holds for query in figures["queries"] if (holds := query_holds(query)) is not None]
    others = [each["holds"] for each in [*figures["means"].values(), *figures["measures"]]
              if each["holds"] is not None]
    from_c = [f"{time(query['sqlite_from_c_ms'])} for `{query['name']}`"
              for query in figures["queries"] if query["sqlite_from_c_ms"]]
    return (f"{sum(queries)} of {len(queries)} queries and {sum(others)} of {len(others)} other"
            " targets are met. *ms*: the median, in turns with the peers; *warm*: right after"
            " another run, which is held to *at most*; *ratio*: the median over the rounds of the"
            f" fastest peer's time by rapport's, at least {LEAST_RATIO}. Called from C, not from"
            f" Python, SQLite takes {', '.join(from_c)}: shown, not judged.")


def query_holds(query):
    judged = [holds for holds in [query["limit_holds"], query["ratio_holds"]] if holds is not None]
    return all(judged) if judged else None


def query_row(query):
    most, ratio = query["limit_ms"], query["ratio"]
    missed = []
    if query["limit_holds"] is False:
        missed.append(f"{factor(excess(query['warm_ms'], most))} over")
    if query["ratio_holds"] is False:
        missed.append(f"{factor(1 / ratio)} the time of {query['best']}")
    holds = query_holds(query)
    cells = [f"`{query['name']}`", time(query["ms"]), time(query["warm_ms"]), limit_cell(most),
             query["best"] or "–", time(query["best_ms"]) or "–",
             "–" if ratio is None else f"{ratio:.2f}",
             "–" if holds is None else "met" if holds else ", ".join(missed)]
    return f"| {' | '.join(cells)} |"


def factor(times):
    return f"{times:.{1 if times >= 1.1 else 3}f}×"


def limit_cell(most):
    """A limit as it stands in the table, which a test compares with the file of limits."""
    return f"{most:g}" if most else "–"


def mean_row(label, mean):
    ratio, least = mean["ratio"], LEAST_MEANS[label]
    return (f"| speed in the geometric mean | {ratio:.1f} × {label} | at least {least} |"
            f" {'met' if mean['holds'] else f'{factor(least / ratio)} short'} |")


def measure_row(limit, measure):
    if measure is None:
        return f"| {limit['name']} | not measured | {wanted(limit) or '–'} | – |"
    detail = f" ({measure['detail']})" if measure["detail"] else ""
    told = "–" if measure["holds"] is None else "met" if measure["holds"] else (
        f"{factor(measure['excess'])} {'over' if 'most' in limit else 'short'}")
    return f"| {limit['name']} | {quantity(measure)}{detail} | {wanted(limit) or '–'} | {told} |"
