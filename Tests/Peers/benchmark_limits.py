"""What the benchmark demands, and whether figures meet it. The demands stand in
benchmark_limits.json: most milliseconds for each class of queries, and for each measure beside
queries the most or the least, or what other measure it must be as good as.

They are for 1,000,000 customers on two cores; figures over fewer are not judged by them.
"""

import json
import os

with open(os.path.splitext(os.path.abspath(__file__))[0] + ".json", encoding="utf-8") as limits:
    LIMITS = json.load(limits)

# The customers that limits in milliseconds and bytes are for.
FULL_SCALE = LIMITS["customers"]
# The least share of the best peer's speed, for each query.
LEAST_RATIO = LIMITS["least_ratio"]
# The least geometric means of the ratios.
LEAST_MEANS = LIMITS["least_means"]
MEASURES = LIMITS["measures"]
MOST_MILLISECONDS = {name: each["most_milliseconds"] for each in LIMITS["classes"]
                     for name in each["queries"]}


def measure_limit(name):
    """What is demanded of a measure; of one that is only shown beside, nothing."""
    return next((each for each in MEASURES if each["name"] == name), {})


def bounds(limit, values):
    """The most and the least of a measure, each None where there is none.

    `values` are those of other measures by name, as one may have to be as good as another.
    """
    least = [limit.get("least"), values.get(limit.get("least_as"))]
    return limit.get("most"), max((each for each in least if each is not None), default=None)


def excess(value, most=None, least=None):
    """How many times a value is over the most or short of the least; at most 1 where it holds.

    None where nothing is demanded, or nothing was measured.
    """
    if not value or (most is None and least is None):
        return None
    return value / most if most is not None else least / value


def judge(figures):
    """Puts into the figures what is demanded and whether it holds: None where not judged."""
    is_full = figures["rows"]["customers"] >= FULL_SCALE
    for query in figures["queries"]:
        ratio, most = query["ratio"], MOST_MILLISECONDS[query["name"]]
        query["ratio_holds"] = None if ratio is None else ratio >= LEAST_RATIO
        query["limit_ms"] = most
        query["limit_holds"] = query["warm_ms"] <= most if most and is_full else None
    is_whole = all(name in {query["name"] for query in figures["queries"]}
                   for name in MOST_MILLISECONDS)
    for label, mean in figures["means"].items():
        ratio, least = mean["ratio"], LEAST_MEANS[label]
        mean["least"] = least
        mean["holds"] = ratio >= least if ratio and is_whole else None
    measures = figures["measures"]
    values = {measure["name"]: measure["value"] for measure in measures}
    for measure in measures:
        limit = measure_limit(measure["name"])
        most, least = bounds(limit, values)
        over = excess(measure["value"], most, least)
        measure["wanted"] = wanted(limit)
        measure["holds"] = over <= 1 if over is not None and is_full else None
        measure["excess"] = over
    return figures


def wanted(limit):
    """The demand of a measure in words, empty where there is none."""
    words = [f"at {kind} {limit[kind]:,} {limit['unit']}" for kind in ["most", "least"]
             if kind in limit]
    if "least_as" in limit:
        words.append(limit["least_as"].split(":")[0] + "'s")
    return " and ".join(words)
