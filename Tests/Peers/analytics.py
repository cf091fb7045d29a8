#!/usr/bin/env python3
"""Compares rfm, pareto, cohort and forecast with pandas and lifetimes, on CDNOW and on random data.

    analytics.py .build/debug/rapport [--data examples/data/cdnow_sample.csv] [--seeds 3]

The random data has refunds, customers with nothing but refunds, ties, several orders on one day and
orders after the as-of date; it is asked in two orders of its rows, which must give the same text.

needs the Python modules pandas and lifetimes: pip install pandas lifetimes

Exit status: 0 all agree or the modules are not here, which is said aloud; 1 something differs.
"""

import argparse
import contextlib
import csv
import io
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings

WEEK = 7
HORIZON = 39
BINS = 5


class Program:
    """A store with orders, asked by the program under test."""

    def __init__(self, rapport, orders, folder, today):
        self.rapport, self.today = os.path.abspath(rapport), today
        self.store = os.path.join(folder, os.path.basename(orders) + ".rapport")
        # `amount` of the shop for music goes by another name.
        with open(orders, encoding="utf-8") as file:
            header = file.readline()
        names = 'map "dollar_value" to amount, "number_of_cds" to quantity ' \
            if "dollar_value" in header else ""
        self.run([self.store, "-q", "-c", f'import orders from "{os.path.abspath(orders)}" {names}'
                  "with reference customer_id to customers adding"])

    def run(self, words):
        result = subprocess.run([self.rapport, "--today", self.today, *words],
                                capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"rapport {' '.join(words)}\nended with {result.returncode}: "
                     f"{result.stderr[-4000:]}")
        return result.stdout

    def text(self, statement):
        return self.run([self.store, "--read-only", "--csv", "-q", "-c", statement])

    def rows(self, statement):
        return list(csv.DictReader(io.StringIO(self.text(statement))))


class Comparison:
    """Counts values that agree and prints those that do not."""

    def __init__(self):
        self.has_failed = False

    def start(self, name):
        self.name, self.count, self.differences = name, 0, []

    def same(self, where, mine, theirs):
        self.count += 1
        if mine != theirs:
            self.differences.append(f"{where}: {mine!r} here, {theirs!r} there")

    def close(self, where, mine, theirs, relative=1e-9, absolute=1e-9):
        """`theirs` is a number, or none for a cell that must be empty."""
        mine = number(mine)
        self.count += 1
        if mine is None or theirs is None:
            agrees = mine is None and theirs is None
        else:
            agrees = abs(mine - theirs) <= max(absolute, relative * abs(theirs))
        if not agrees:
            self.differences.append(f"{where}: {mine!r} here, {theirs!r} there")

    def end(self):
        failed = len(self.differences)
        self.has_failed = self.has_failed or failed > 0 or self.count == 0
        verdict = f"{failed} DIFFER" if failed else "all agree"
        if self.count == 0:
            verdict = "NOTHING COMPARED"
        print(f"{self.name}: {self.count} values, {verdict}")
        for line in self.differences[:10]:
            print(f"  {line}")
        if failed > 10:
            print(f"  and {failed - 10} more")


def number(cell):
    """A cell as a number: `12.5%` is 0.125; none where it is empty or words."""
    if cell is None or isinstance(cell, (int, float)):
        return cell
    cell = cell.strip().replace(",", "")
    try:
        return float(cell[:-1]) / 100 if cell.endswith("%") else float(cell)
    except ValueError:
        return None


def read_orders(path):
    """Orders as the program sees them: customer, day, cents."""
    frame = pandas.read_csv(path)
    frame = frame.rename(columns={"customer_id": "customer", "dollar_value": "amount"})
    frame["cents"] = (frame.amount * 100).round().astype("int64")
    # The day as a whole number, whatever unit of time this version of pandas prefers.
    frame["day"] = (pandas.to_datetime(frame.date) - EPOCH).dt.days
    return frame[["customer", "day", "cents"]]


def day_of(text):
    return (pandas.Timestamp(text) - EPOCH).days


def by_customer(rows):
    """Rows by the key in their column `customer`."""
    return {int(row["customer"].split()[0]): row for row in rows}


def occasions(orders, as_of):
    """Customer, day, cents of each day with a purchase up to a day; refunds are none."""
    bought = orders[(orders.day <= as_of) & (orders.cents >= 0)]
    return bought.groupby(["customer", "day"], as_index=False).cents.sum()


def compare_rfm(program, orders, as_of, comparison):
    comparison.start(f"rfm as of {as_of}")
    day = day_of(as_of)
    mine = by_customer(program.rows(f"rfm customers as of {as_of}"))
    known = orders[orders.day <= day]
    days = occasions(orders, day).groupby("customer").day
    buyers = pandas.DataFrame({"recency": day - days.max(), "frequency": days.size()})
    buyers["monetary"] = known.groupby("customer").cents.sum()
    for score, column, is_less_better in [
            ("r", "recency", True), ("f", "frequency", False), ("m", "monetary", False)]:
        # Those that are strictly worse are ranked below the first of equal ones.
        worse = buyers[column].rank(method="min", ascending=not is_less_better) - 1
        buyers[score] = (1 + BINS * worse.astype("int64") // len(buyers)).clip(upper=BINS)
    for customer, row in buyers.iterrows():
        own = mine.get(customer)
        if own is None:
            comparison.same(f"customer {customer}", None, "a row")
            continue
        for column in ["recency", "frequency", "r", "f", "m"]:
            comparison.close(f"customer {customer}, {column}", own[column], int(row[column]))
        comparison.close(f"customer {customer}, monetary", own["monetary"], row.monetary / 100)
        cell = int(row.r * 100 + row.f * 10 + row.m)
        comparison.close(f"customer {customer}, cell", own["cell"], cell)
    for customer in set(mine) - set(buyers.index):
        comparison.same(f"customer {customer}, score", mine[customer]["r"], "")
        comparison.same(f"customer {customer}, group", mine[customer]["rfm_group"], "prospect")
    comparison.end()


def compare_pareto(program, orders, comparison):
    comparison.start("pareto")
    rows = program.rows("pareto customers by sum(orders.revenue)")
    totals = orders.groupby("customer").cents.sum().sort_values(ascending=False)
    comparison.same("rows", len(rows), len(totals))
    measures = [round(number(row["measure"]) * 100) for row in rows]
    comparison.same("order", measures, sorted(measures, reverse=True))
    whole = int(totals[totals > 0].sum())
    expected, before = {}, 0
    # Equal values share a class, that of the first, and a running share, that of the last.
    for cents, members in totals.groupby(totals, sort=False):
        through = before + max(int(cents), 0) * len(members)
        klass = "D" if cents < 0 else "A" if 5 * before < 4 * whole \
            else "B" if 20 * before < 19 * whole else "C"
        for customer in members.index:
            expected[customer] = (int(cents), klass, None if cents < 0 else cents / whole,
                                  None if cents < 0 else through / whole)
        before = through
    for customer, row in by_customer(rows).items():
        cents, klass, share, running = expected[customer]
        comparison.close(f"customer {customer}, measure", row["measure"], cents / 100)
        comparison.same(f"customer {customer}, class", row["class"], klass)
        comparison.close(f"customer {customer}, share", row["share"], share)
        comparison.close(f"customer {customer}, running share", row["running_share"], running)
    comparison.end()


def compare_cohort(program, orders, comparison):
    """Shares of the cohort that bought in each month; a month that is not over is empty."""
    comparison.start("cohort by month")
    rows = program.rows("cohort customers by month")
    today = day_of(program.today)
    bought = orders[(orders.cents >= 0) & (orders.day <= today)].copy()
    dates = EPOCH + pandas.to_timedelta(bought.day, unit="D")
    bought["month"] = 12 * dates.dt.year + dates.dt.month - 1
    bought["cohort"] = bought.groupby("customer").month.transform("min")
    bought["period"] = bought.month - bought.cohort
    members = bought.groupby(["cohort", "period"]).customer.nunique()
    sizes = bought.groupby("cohort").customer.nunique()
    now = pandas.Timestamp(program.today)
    running = 12 * now.year + now.month - 1
    found = set()
    for row in rows:
        label = re.match(r"(\d{4})-(\d{2})", row["cohort"])
        if not label:
            continue  # the row of weighted means
        cohort = 12 * int(label[1]) + int(label[2]) - 1
        size = int(sizes.get(cohort, 0))
        found.add(cohort)
        comparison.close(f"{row['cohort']}, size", row["size"], size)
        for name, cell in row.items():
            if not name.isdecimal():
                continue
            period = int(name)
            is_over = cohort + period < running
            if size == 0 or not is_over:
                if not is_over and cohort + period > running:
                    comparison.close(f"{row['cohort']}, period {period}", cell, None)
                continue
            share = int(members.get((cohort, period), 0)) / size
            comparison.close(f"{row['cohort']}, period {period}", cell, share)
    comparison.same("cohorts", sorted(found & set(sizes.index)), sorted(sizes.index))
    comparison.end()


def summary(orders, as_of):
    """What the models know of each customer; ages in weeks, money in units."""
    days = occasions(orders, as_of)
    first = days.groupby("customer").day.transform("min")
    by = days.groupby("customer").day
    frame = pandas.DataFrame({"x": by.size() - 1, "age_at_last": (by.max() - by.min()) / WEEK,
                              "age": (as_of - by.min()) / WEEK})
    repeats = days[days.day > first].groupby("customer").cents.sum()
    frame["m"] = (repeats / 100 / frame.x).reindex(frame.index).fillna(0)
    return frame


def fitted(fitter, comparison, *columns):
    """Fits a model of lifetimes as tightly as its search can; a failure is one of the comparison."""
    for tolerance in [1e-9, 1e-8, 1e-7]:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                return fitter.fit(*columns, tol=tolerance)
        except lifetimes.utils.ConvergenceError:
            pass
    comparison.same(type(fitter).__name__, "a fit", "no convergence")
    return None


def compare_forecast(program, orders, as_of, comparison, kind="bgnbd"):
    modified = " with mbg" if kind == "mbgnbd" else ""
    comparison.start(f"forecast as of {as_of} over {HORIZON} weeks{modified}")
    day = day_of(as_of)
    frame = summary(orders, day)
    rows = by_customer(program.rows(
        f"forecast customers as of {as_of} over {HORIZON} weeks{modified}"))
    mine = {customer: row for customer, row in rows.items()
            if number(row["repeat_orders"]) is not None}
    comparison.same("customers", sorted(mine), sorted(frame.index))
    fitter = lifetimes.BetaGeoFitter if kind == "bgnbd" else lifetimes.ModifiedBetaGeoFitter
    model = fitted(fitter(), comparison, frame.x, frame.age_at_last, frame.age)
    spenders = frame[(frame.x > 0) & (frame.m > 0)]
    spend = fitted(lifetimes.GammaGammaFitter(), comparison, spenders.x, spenders.m)
    if model is None or spend is None:
        comparison.end()
        return
    r, alpha = model.params_["r"], model.params_["alpha"]
    alive = numpy.ravel(model.conditional_probability_alive(frame.x, frame.age_at_last, frame.age))
    orders_ahead = numpy.ravel(model.conditional_expected_number_of_purchases_up_to_time(
        HORIZON, frame.x, frame.age_at_last, frame.age))
    p, q, v = (spend.params_[name] for name in "pqv")
    for place, (customer, row) in enumerate(frame.iterrows()):
        own = mine.get(customer)
        if own is None:
            continue
        at = f"customer {customer}"
        comparison.close(f"{at}, repeat_orders", own["repeat_orders"], row.x)
        # Ages may be shown with two decimals.
        comparison.close(f"{at}, age_at_last", own["age_at_last"], row.age_at_last, absolute=0.006)
        comparison.close(f"{at}, age", own["age"], row.age, absolute=0.006)
        if row.x > 0 or number(own["p_alive"]) is not None:
            comparison.close(f"{at}, p_alive", own["p_alive"], alive[place], 1e-3, 6e-4)
        comparison.close(
            f"{at}, expected_orders", own["expected_orders"], orders_ahead[place], 1e-3, 6e-4)
        compare_next_order(comparison, at, own["next_order"], day, row, alive[place], r, alpha)
        # A mean of customers of whom nothing is known needs q above 1.
        if row.x == 0 and q <= 1:
            continue
        if row.x > 0 and row.m <= 0:
            comparison.close(f"{at}, expected_value", own["expected_value"], None)
            continue
        value = p * (v + row.x * row.m) / (p * row.x + q - 1)
        comparison.close(f"{at}, expected_value", own["expected_value"], value, 1e-3, 0.006)
        comparison.close(f"{at}, clv", own["clv"], value * orders_ahead[place], 2e-3, 0.006)
    comparison.end()


def compare_next_order(comparison, at, cell, as_of, row, alive, r, alpha):
    """The day from which it is more likely than not that the customer has bought again."""
    days = math.inf
    if alive > 0.5:
        days = WEEK * (alpha + row.age) * math.expm1(-math.log1p(-0.5 / alive) / (r + row.x))
    if abs(days - WEEK * HORIZON) < 2:
        return  # on the border of the horizon
    if days > WEEK * HORIZON:
        comparison.same(f"{at}, next_order", cell, "")
        return
    try:
        shown = day_of(cell) - as_of
    except ValueError:
        shown = -1
    expected = max(1, math.ceil(days))
    comparison.same(f"{at}, next_order in {expected} days",
                    abs(shown - expected) <= max(1, expected // 200), True)


def make_orders(path, seed, as_of):
    """Random orders of customers who live by the models, with all that is awkward; and shuffled."""
    draw = random.Random(seed)
    last = day_of(as_of) + 60
    rows = []
    for customer in range(1, 1501):
        first = draw.randint(last - 700, last - 30)
        rate = draw.gammavariate(0.8, 1 / 70)
        stopping = draw.betavariate(0.8, 2.5)
        scale = draw.gammavariate(4, 1 / 60)
        moment = float(first)
        while moment <= last:
            # A few prices only, so that sums tie.
            cents = max(100, round(draw.gammavariate(5, 1 / scale) * 10) * 10)
            rows.append((customer, int(moment), cents))
            if draw.random() < 0.1:
                rows.append((customer, int(moment), draw.choice([0, 500, 1000])))
            if draw.random() < 0.08:
                later = min(last, int(moment) + draw.randint(0, 20))
                rows.append((customer, later, -draw.choice([100, cents])))
            if draw.random() < stopping:
                break
            moment += draw.expovariate(rate)
    rows += [(customer, last - 100, -1000) for customer in range(1501, 1511)]
    lines = [f"{customer},{(EPOCH + pandas.Timedelta(days=day)).date()},"
             f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
             for customer, day, cents in rows]
    shuffled = path.replace(".csv", "_shuffled.csv")
    for name in [path, shuffled]:
        with open(name, "w", encoding="utf-8") as file:
            file.write("\n".join(["customer_id,date,amount", *lines]) + "\n")
        draw.shuffle(lines)
    return shuffled


def compare_music(rapport, data, folder, comparison):
    print(f"== {os.path.basename(data)}")
    # The day after the last order: no month with orders is still running.
    program = Program(rapport, data, folder, "1998-07-01")
    orders = read_orders(data)
    compare_rfm(program, orders, "1998-06-30", comparison)
    compare_rfm(program, orders, "1997-09-30", comparison)
    compare_pareto(program, orders, comparison)
    compare_cohort(program, orders, comparison)
    compare_forecast(program, orders, "1997-09-30", comparison)
    compare_forecast(program, orders, "1997-09-30", comparison, kind="mbgnbd")


def compare_random(rapport, seed, folder, comparison):
    print(f"== random orders, seed {seed}")
    as_of, path = "2024-02-29", os.path.join(folder, f"random_{seed}.csv")
    shuffled_path = make_orders(path, seed, as_of)
    program = Program(rapport, path, folder, "2024-05-01")
    shuffled = Program(rapport, shuffled_path, folder, "2024-05-01")
    orders = read_orders(path)
    compare_rfm(program, orders, as_of, comparison)
    compare_pareto(program, orders, comparison)
    compare_cohort(program, orders, comparison)
    compare_forecast(program, orders, as_of, comparison)
    comparison.start("the same orders shuffled")
    for statement in [f"rfm customers as of {as_of}", "pareto customers by sum(orders.revenue)",
                      "cohort customers by month",
                      f"forecast customers as of {as_of} over {HORIZON} weeks"]:
        # Sorted, as keys of equal values may come in the order of the file.
        comparison.same(statement, sorted(program.text(statement).splitlines()),
                        sorted(shuffled.text(statement).splitlines()))
    comparison.end()


def main():
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    parser = argparse.ArgumentParser()
    parser.add_argument("rapport")
    parser.add_argument("--data", default=os.path.join(root, "examples/data/cdnow_sample.csv"))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    comparison = Comparison()
    with tempfile.TemporaryDirectory(prefix="rapport-analytics-") as folder:
        compare_music(options.rapport, options.data, folder, comparison)
        for seed in range(1, options.seeds + 1):
            compare_random(options.rapport, seed, folder, comparison)
    print("SOMETHING DIFFERS" if comparison.has_failed else "everything agrees")
    sys.exit(1 if comparison.has_failed else 0)


# lifetimes is of 2020: newer versions of what it stands on warn of much that changes no value.
warnings.simplefilter("ignore")
for module in ["pandas", "lifetimes"]:
    try:
        globals()[module] = __import__(module)
    except ImportError:
        print(f"skipped: {module} is not installed (pip install pandas lifetimes)")
        sys.exit(0)
import numpy  # noqa: E402, brought by pandas

EPOCH = pandas.Timestamp("1970-01-01")
main()
