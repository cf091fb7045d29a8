#!/usr/bin/env python3
"""Generates the data that the benchmark asks about: five CSV files and a manifest.

    benchmark_data.py --sf 1 --out FOLDER [--seed 20260630]

Scale factor 1 is 1,000,000 customers, 5,000,000 orders, 3,000,000 interactions and 200,000
complaints; 200 employees at any scale. The same seed, scale and version of numpy give the same
bytes; sizes and sha256 go to manifest.json. Whoever changes the order in which random numbers are
drawn changes all data after that.

Orders, interactions and complaints come in the order of their dates, as a system that only appends
would have written them. Customers are popular by a power law: the first hundredth of them have
about 16% of the orders.

needs the Python module numpy: pip install numpy
"""

import argparse
import hashlib
import json
import os
import time

import numpy

TODAY = numpy.datetime64("2026-06-30", "D")
FIRST_DAY = numpy.datetime64("2019-01-01", "D")
LAST = int((TODAY - FIRST_DAY).astype(int))

# The values of a column and how often each occurs.
REGIONS = ["Americas North", "Americas South", "Europe West", "Europe East",
           "Middle East", "Africa", "Asia Pacific", "Oceania"]
REGION_SHARES = [.26, .09, .22, .10, .06, .05, .17, .05]
INDUSTRIES = ["Retail", "Healthcare", "Finance", "Manufacturing", "Education", "Energy",
              "Logistics", "Technology", "Hospitality", "Government", "Media", "Agriculture"]
INDUSTRY_SHARES = [.17, .11, .10, .12, .07, .05, .08, .13, .06, .04, .04, .03]
STAGES = ["recruitment", "account_management", "welcoming", "getting_to_know", "dissociation",
          "intensive_care"]
STAGE_SHARES = [.36, .25, .14, .15, .08, .02]
STATUSES = ["paid", "placed", "returned", "cancelled"]
STATUS_SHARES = [.86, .06, .04, .04]
CHANNELS = ["email", "phone", "shop", "visit", "social", "web"]
CHANNEL_SHARES = [.38, .22, .17, .08, .06, .09]
OUTCOMES = ["met", "exceeded", "disappointed"]
OUTCOME_SHARES = [.62, .22, .16]
SEVERITIES = ["low", "medium", "high"]
SEVERITY_SHARES = [.50, .32, .18]

JOB_FAMILIES = ["field", "desk", "key_accounts"]
EMPLOYEE_COUNT = 200
DOMAINS = ["example.com", "mail.example", "corp.example", "shop.example.org"]

# The columns whose few values a peer may keep as an enumeration.
CHOICES = {"region": REGIONS, "industry": INDUSTRIES, "stage": STAGES, "status": STATUSES,
           "channel": CHANNELS, "outcome": OUTCOMES, "severity": SEVERITIES}

ONSETS = ["b", "br", "c", "ch", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "mar", "n", "p",
          "r", "s", "sh", "st", "t", "tr", "v", "w", "y", "z", "an", "el", "is", "or"]
VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ie", "ou", "io"]
ENDINGS = ["", "", "", "n", "r", "s", "l", "m", "son", "ck", "nd", "th", "rt", "ng"]


def names(draw, count, fewest, most):
    """So many different names of `fewest` to `most` syllables."""
    found = {}
    while len(found) < count:
        syllables = range(draw.integers(fewest, most + 1))
        name = "".join(ONSETS[draw.integers(len(ONSETS))] + VOWELS[draw.integers(len(VOWELS))]
                       + ENDINGS[draw.integers(len(ENDINGS))] for _ in syllables)
        found[name.capitalize()] = None
    return numpy.array(list(found), dtype=object)


def choices(draw, values, shares, count):
    return numpy.array(values, dtype=object)[draw.choice(len(values), count, p=shares)]


def numbers(integers):
    """Integers as text."""
    return list(map(str, integers.tolist()))


def amounts(cents):
    """Cents as text with two decimals, without going through a float."""
    return ["%d.%02d" % divmod(each, 100) for each in cents.tolist()]


def days(numbers_of_days):
    """Days since the first one as text."""
    return DAY_TEXTS[numbers_of_days]


DAY_TEXTS = numpy.array([str(FIRST_DAY + numpy.timedelta64(day, "D")) for day in range(LAST + 400)],
                        dtype=object)


def write(folder, table, columns, chunk=200_000):
    """Writes named columns of texts as a CSV file."""
    count = len(next(iter(columns.values())))
    with open(f"{folder}/{table}.csv", "w", newline="", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n")
        for start in range(0, count, chunk):
            parts = [list(column[start:start + chunk]) for column in columns.values()]
            file.write("\n".join(map(",".join, zip(*parts))) + "\n")


class World:
    """The random numbers, and what the events know of the customers."""

    def __init__(self, seed, scale, folder):
        self.draw = numpy.random.Generator(numpy.random.PCG64(seed))
        self.folder = folder
        self.counts = {table: int(count * scale) for table, count in [
            ("customers", 1_000_000), ("orders", 5_000_000), ("interactions", 3_000_000),
            ("complaints", 200_000)]}

    def write_customers(self):
        draw, count = self.draw, self.counts["customers"]
        first_names, family_names = names(draw, 600, 1, 2), names(draw, 6000, 2, 3)
        first = first_names[draw.integers(0, len(first_names), count)]
        family = family_names[draw.integers(0, len(family_names), count)]
        keys = numbers(numpy.arange(1, count + 1))
        domains = draw.integers(0, len(DOMAINS), count).tolist()
        value = numpy.minimum(numpy.exp(draw.normal(8.2, 1.35, count)) * 100, 5e9)
        self.joined = (LAST * draw.random(count) ** 0.8).astype(numpy.int64)
        satisfaction = numpy.clip(draw.normal(68, 18, count), 0, 100).astype(numpy.int64)
        is_unknown = (draw.random(count) < 0.2).tolist()
        write(self.folder, "customers", {
            "id": keys,
            "name": [f"{one} {other}" for one, other in zip(first, family)],
            "email": [f"{one.lower()}.{other.lower()}{key}@{DOMAINS[domain]}"
                      for one, other, key, domain in zip(first, family, keys, domains)],
            "region": choices(draw, REGIONS, REGION_SHARES, count),
            "industry": choices(draw, INDUSTRIES, INDUSTRY_SHARES, count),
            "stage": choices(draw, STAGES, STAGE_SHARES, count),
            "value": amounts(value.astype(numpy.int64)),
            "joined": days(self.joined),
            "owner_id": numbers(draw.integers(1, EMPLOYEE_COUNT + 1, count)),
            "satisfaction": ["" if unknown else text for text, unknown
                             in zip(numbers(satisfaction), is_unknown)],
        })
        # Popular customers are spread over the keys.
        self.by_popularity = draw.permutation(count)

    def write_employees(self):
        """Employees follow from their numbers alone: no random number is drawn."""
        keys = range(1, EMPLOYEE_COUNT + 1)
        write(self.folder, "employees", {
            "id": [str(key) for key in keys],
            "name": ["Owner %03d" % key for key in keys],
            "job_family": [JOB_FAMILIES[(key - 1) % len(JOB_FAMILIES)] for key in keys],
            "region": [REGIONS[(key - 1) % len(REGIONS)] for key in keys],
        })

    def events(self, table, lateness):
        """Keys, customers and days of a table's events, by day.

        The smaller `lateness`, the more of a customer's events are recent.
        """
        count = self.counts[table]
        share = self.draw.random(count) ** 2.5
        customer = self.by_popularity[(self.counts["customers"] * share).astype(numpy.int64)]
        since = self.joined[customer]
        day = (since + (LAST - since) * self.draw.random(count) ** lateness).astype(numpy.int64)
        order = numpy.argsort(day, kind="stable")
        return numbers(numpy.arange(1, count + 1)), numbers(customer[order] + 1), day[order]

    def write_orders(self):
        key, customer, day = self.events("orders", 0.75)
        amount = numpy.minimum(numpy.exp(self.draw.normal(4.4, 1.1, len(key))) * 100, 5e8)
        write(self.folder, "orders", {
            "id": key, "customer_id": customer, "date": days(day),
            "amount": amounts(amount.astype(numpy.int64)),
            "status": choices(self.draw, STATUSES, STATUS_SHARES, len(key)),
        })

    def write_interactions(self):
        key, customer, day = self.events("interactions", 0.7)
        write(self.folder, "interactions", {
            "id": key, "customer_id": customer,
            "channel": choices(self.draw, CHANNELS, CHANNEL_SHARES, len(key)),
            "date": days(day),
            "outcome": choices(self.draw, OUTCOMES, OUTCOME_SHARES, len(key)),
        })

    def write_complaints(self):
        key, customer, day = self.events("complaints", 0.5)
        resolved = day + self.draw.geometric(0.08, len(key))
        is_open = (self.draw.random(len(key)) < 0.25) | (resolved > LAST)
        write(self.folder, "complaints", {
            "id": key, "customer_id": customer, "opened": days(day),
            # A day after the last is never looked up, as such a complaint is open.
            "resolved": ["" if unknown else DAY_TEXTS[day] for day, unknown
                         in zip(resolved.tolist(), is_open.tolist())],
            "severity": choices(self.draw, SEVERITIES, SEVERITY_SHARES, len(key)),
        })


def described(path):
    """Size and sha256 of a file."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": os.path.getsize(path), "sha256": digest}


def generate(folder, scale, seed=20260630):
    """Writes all files into a folder and gives the manifest."""
    os.makedirs(folder, exist_ok=True)
    world = World(seed, scale, folder)
    world.write_customers()
    world.write_employees()
    world.write_orders()
    world.write_interactions()
    world.write_complaints()
    manifest = {
        "sf": scale, "seed": seed, "numpy": numpy.__version__, "rows": world.counts,
        "files": {table: described(f"{folder}/{table}.csv") for table in world.counts},
    }
    with open(f"{folder}/manifest.json", "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)
    return manifest


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sf", type=float, default=0.1, help="scale: 1 is 1,000,000 customers")
    parser.add_argument("--out", required=True, help="the folder that the files go to")
    parser.add_argument("--seed", type=int, default=20260630)
    options = parser.parse_args()
    started = time.perf_counter()
    manifest = generate(options.out, options.sf, options.seed)
    print(json.dumps(manifest["files"], indent=1))
    print("%.1f s" % (time.perf_counter() - started))


if __name__ == "__main__":
    main()
