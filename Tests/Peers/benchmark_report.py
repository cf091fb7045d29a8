"""The figures of a benchmark's run: what they are, whether they suffice, and how they are shown.

Figures are plain values, as they go to JSON. A block is what is shown of them: a title, the heads
of its columns, rows of texts, and notes below.
"""

from benchmark_limits import FULL_SCALE, LEAST_MEANS, LEAST_RATIO, judge, measure_limit


def figures(run, conditions):
    """All figures of a run; `complete` judges them."""
    byte_count, row_count = run.rapport.byte_count, sum(run.rows.values())
    return {
        "conditions": conditions,
        "rows": run.rows,
        "queries": [query_figures(run, query) for query in run.queries
                    if run.rapport.times[query.name]],
        "means": {label: {"ratio": run.mean_ratio(label)} for label in LEAST_MEANS},
        "memory": {"bytes": byte_count, "bytes_per_row": byte_count / row_count},
        "loading": {contender.label: contender.worker.loaded
                    for contender in [run.rapport, *run.peers]},
        "problems": list(run.problems()),
    }


def complete(figures):
    """Adds the measures that follow from the queries, and what holds."""
    memory = figures["memory"]
    # Some indexes are made at second use; what no later run takes is the making of them.
    starts = {query["name"]: max(query["first_ms"], query["times"][0])
              for query in figures["queries"]}
    slowest = max(figures["queries"],
                  key=lambda query: starts[query["name"]] - max(query["times"][1:]))
    extras = figures.get("extras", {}).get("measures", [])
    figures["measures"] = [
        {"name": "memory after all queries", "value": memory["bytes_per_row"],
         "unit": "bytes/row", "detail": f"{memory['bytes'] / 1e6:,.0f} MB"},
        {"name": "query that makes its indexes", "value": starts[slowest["name"]],
         "unit": "ms",
         "detail": f"{slowest['name']}; {time(slowest['ms'])} ms after"},
        *extras]
    return judge(figures)


def query_figures(run, query):
    best = run.best(query)
    return {
        "name": query.name,
        "ms": run.rapport.median(query),
        "spread": run.rapport.spread(query),
        "first_ms": run.rapport.first[query.name],
        "warm_ms": run.rapport.warm_median(query),
        "times": list(run.rapport.times[query.name].values()),
        "best": best and best.label,
        "best_ms": best and best.median(query),
        "ratio": run.ratio(query, run.peers),
        "sqlite_from_c_ms": query.sqlite_from_c,
        "peers": {
            peer.label: {
                "ms": peer.median(query), "spread": peer.spread(query),
                "times": list(peer.times[query.name].values()), "ratio": run.ratio(query, [peer])}
            for peer in run.peers if peer.times[query.name]},
    }


def missed(figures):
    """What was asked for and not reached, in words."""
    for query in figures["queries"]:
        if query["ratio_holds"] is False:
            yield f"{query['name']}: {query['ratio']:.2f} of {query['best']}'s speed"
        if query["limit_holds"] is False:
            yield (f"{query['name']}: {time(query['warm_ms'])} ms,"
                   f" at most {query['limit_ms']} wanted")
    for label, mean in figures["means"].items():
        if mean["holds"] is False:
            yield f"{mean['ratio']:.1f} times {label}'s speed in the mean, {mean['least']} wanted"
    for measure in figures["measures"]:
        if measure["holds"] is False:
            yield f"{measure['name']}: {quantity(measure)}, {measure['wanted']} wanted"


def all_hold(figures):
    return not figures["problems"] and not any(missed(figures))


# -- What is shown ---------------------------------------------------------------------------------

def time(milliseconds):
    """Milliseconds with about three digits."""
    if milliseconds is None:
        return ""
    for limit, decimals in [(0.1, 4), (1, 3), (10, 2)]:
        if milliseconds < limit:
            return f"{milliseconds:.{decimals}f}"
    return f"{milliseconds:.1f}"


def quantity(measure):
    value = measure["value"]
    if value is None:
        return ""
    return f"{time(value) if value < 1000 else format(value, ',.0f')} {measure['unit']}".strip()


def verdict(*holds):
    """Whether all of those that were judged hold; empty where none was."""
    judged = [each for each in holds if each is not None]
    return "" if not judged else "yes" if all(judged) else "NO"


def timed(part):
    return f"{time(part['ms'])} ±{part['spread'] / 2:.0%}"


def blocks(figures):
    """All that is shown of a run."""
    yield targets_block(figures)
    yield medians_block(figures)
    yield loading_block(figures)
    yield from measures_blocks(figures)
    failed = list(missed(figures))
    if failed:
        yield {"title": "Targets missed", "notes": failed}
    if figures["problems"]:
        yield {"title": "ANSWERS DIFFER", "notes": figures["problems"]}


def targets_block(figures):
    rows = []
    for query in figures["queries"]:
        has_peer = query["ratio"] is not None
        rows.append([
            query["name"], time(query["first_ms"]), timed(query), time(query["best_ms"]),
            query["best"] or "", f"{query['ratio']:.2f}" if has_peer else "",
            verdict(query["ratio_holds"]), time(query["warm_ms"]), f"{query['limit_ms'] or ''}",
            verdict(query["limit_holds"]), time(query["sqlite_from_c_ms"])])
    notes = [
        "ratio: the median over the rounds of the fastest peer's time by rapport's;"
        f" at least {LEAST_RATIO} is wanted.",
        "first: rapport's first run, which makes its indexes; warm: runs right after another.",
        "SQLite from C: what its own interface takes, which is not judged: see warm.",
        f"limits are on warm runs over {FULL_SCALE:,} customers on two cores."]
    notes += [f"{mean['ratio']:.1f} times {label}'s speed in the geometric mean;"
              f" at least {mean['least']} is wanted."
              for label, mean in figures["means"].items() if mean["ratio"]]
    heads = ["query", "first ms", "rapport ms", "best peer ms", "which", "ratio", "holds",
             "warm ms", "limit ms", "holds", "SQLite from C"]
    return {"title": "rapport and the best peer", "heads": heads, "rows": rows, "notes": notes}


def medians_block(figures):
    labels = [label for label in figures["loading"] if label != "rapport"]
    rows = [[query["name"]] + [timed(query["peers"][label]) if label in query["peers"] else ""
                               for label in labels]
            for query in figures["queries"] if query["peers"]]
    conditions = ", ".join(f"{name} {value}" for name, value in figures["conditions"].items())
    return {"title": "Peers, median ms and half of the spread", "heads": ["query"] + labels,
            "rows": rows, "notes": [conditions, ", ".join(
                f"{count:,} {table}" for table, count in figures["rows"].items())]}


def loading_block(figures):
    rows = [[label, f"{loaded['load_s']:.2f}", f"{loaded['bytes'] / 1e6:,.0f}"]
            for label, loaded in figures["loading"].items()]
    return {"title": "Loading", "heads": ["", "seconds", "MB"], "rows": rows, "notes": [
        "SQLite: a copy of a finished file into memory. MB: of rapport columns and indexes after"
        " loading, of the others what the process grew by."]}


def measures_blocks(figures):
    extras = figures.get("extras", {"notes": [], "growth": {"queries": []}})
    rows = [[measure["name"], quantity(measure), measure["detail"], measure["wanted"],
             verdict(measure["holds"])] for measure in figures["measures"]]
    yield {"title": "Beside the queries", "rows": rows,
           "heads": ["what", "median", "", "target", "holds"], "notes": extras["notes"]}
    growth = extras["growth"]
    if growth["queries"]:
        most = measure_limit("growth of a row's cost")["most"]
        is_full = growth["large"] >= FULL_SCALE
        rows = [[each["name"], time(each["small_ms"]), time(each["large_ms"]),
                 f"{each['factor']:.2f}",
                 verdict(each["factor"] <= most if is_full and each["is_judged"] else None)]
                for each in growth["queries"]]
        small, large = growth["small"], growth["large"]
        yield {"title": "Growth", "rows": rows, "notes": growth["notes"], "heads": [
            "query", f"ms, {small:,} customers", f"ms, {large:,}", "cost of a row", "holds"]}


def text(figures):
    return "\n".join(block_text(block) for block in blocks(figures))


def block_text(block):
    lines = [f"== {block['title']}"]
    table = [block["heads"]] + block["rows"] if "heads" in block else []
    if table:
        widths = [max(map(len, column)) for column in zip(*table)]
        for row in table:
            cells = [cell.ljust(width) if place == 0 else cell.rjust(width)
                     for place, (cell, width) in enumerate(zip(row, widths))]
            lines.append("  ".join(cells).rstrip())
    return "\n".join(lines + block["notes"]) + "\n"


def markdown(figures):
    return "\n".join(["# Benchmark", ""] + [block_markdown(block) for block in blocks(figures)])


def block_markdown(block):
    lines = [f"## {block['title']}", ""]
    if "heads" in block:
        lines.append(f"| {' | '.join(block['heads'])} |")
        lines.append("|---|" + "---:|" * (len(block["heads"]) - 1))
        lines += [f"| {' | '.join(row)} |" for row in block["rows"]]
        lines.append("")
    return "\n".join(lines + [f"- {note}" for note in block["notes"]]) + "\n"
