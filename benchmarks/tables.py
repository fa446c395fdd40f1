#!/usr/bin/env python3
"""Prints what JMH measured as Markdown: tables.py RESULTS [--bytes] [TABLE...]

RESULTS holds the files TABLE-JDK.csv that ./run writes. A cell is a figure for each JDK, `17 / 25`; a figure whose standard
error is more than a tenth of it has a `?`. --bytes prints bytes allocated instead of nanoseconds.
"""

import csv
import pathlib
import sys


# Student's t for JMH's 99.9 %, by the number of iterations: JMH writes the error multiplied by it.
T = {2: 636.6, 3: 31.6, 4: 12.9, 5: 8.61, 6: 6.87, 8: 5.41, 10: 4.78}


def figure(value, error):
    if value is None:
        return "–"
    text = f"{value:.1f}" if value < 10 else f"{value:.0f}"
    return text + ("?" if error > value / 10 else "")


def print_table(files, unit):
    cells, columns, rows, params = {}, [], [], []
    for jdk, file in files:
        for record in csv.DictReader(file.open(encoding="utf-8")):
            name, _, metric = record["Benchmark"].partition(":")
            if record["Unit"] != unit or metric not in ("", "gc.alloc.rate.norm"):
                continue
            method = ".".join(name.split(".")[-2:]).replace("Benchmark.", ".")
            given = {key[7:]: value for key, value in record.items() if key.startswith("Param: ")}
            params += [key for key in given if key not in params]
            row = tuple(sorted((key, value) for key, value in given.items() if value))
            if method not in columns:
                columns.append(method)
            if row not in rows:
                rows.append(row)
            error = float(record["Score Error (99.9%)"]) / T.get(int(record["Samples"]), 4)
            cells[jdk, row, method] = float(record["Score"]), 0 if error != error else error  # NaN: one iteration
    jdks = [jdk for jdk, _ in files]
    print("|" + "|".join(["", *columns]) + "|")
    print("|" + "---|" * (len(columns) + 1))
    for row in rows:
        line = [", ".join(f"{key} {value}" for key, value in row)]
        for method in columns:
            found = [cells.get((jdk, row, method), (None, 0)) for jdk in jdks]
            line.append(" / ".join(figure(*each) for each in found))
        print("| " + " | ".join(line) + " |")
    print()


def main():
    directory, *names = sys.argv[1:]
    unit = "B/op" if "--bytes" in names else "ns/op"
    names = [name for name in names if name != "--bytes"]
    files = sorted(pathlib.Path(directory).glob("*.csv"))
    for table in names or sorted({file.stem.rpartition("-")[0] for file in files}):
        found = [(file.stem.rpartition("-")[2], file) for file in files if file.stem.rpartition("-")[0] == table]
        print(f"{table}: {unit}, JDK {' / '.join(jdk for jdk, _ in found)}\n")
        print_table(found, unit)


if __name__ == "__main__":
    main()
