"""A report in open form: one JSON document that says what each table is, or the same figures as CSV, one a line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from hub.ops.figures import Table
from hub.ops.yearly import Report

NOT_SHOWN = ":"
"""As Statistics Norway writes a figure that is not shown, lest it tell of somebody."""
LINE = ("report", "municipality", "year", "table", "row", "column", "measure", "value")


def document(report: Report) -> dict[str, Any]:
    """A figure that is not shown is `null`; times are in days."""
    return {
        "report": report.name,
        "municipality": report.municipality,
        "year": report.year,
        "fewest": report.fewest,
        "tables": [_table(each) for each in report.tables],
        "laws": report.laws,
    }


def as_csv(report: Report) -> str:
    """With a heading; a figure that is not shown is `:`."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LINE)
    for each in report.tables:
        whose = (report.name, report.municipality, report.year, each.id)
        writer.writerows((*whose, *line) for line in _lines(each))
    return out.getvalue()


def _table(one: Table) -> dict[str, Any]:
    shape = one.shape
    return {
        "id": one.id,
        "title": {"nb": shape.nb, "nn": shape.nn, "en": shape.en},
        "about": shape.about,
        "rows": shape.rows,
        "columns": shape.columns,
        "figures": [{"row": row, "column": column, "number": one.figures[row, column]} for row, column in one.cells],
        "took": [
            {"row": row, "median": took.median, "ninth": took.ninth, "longest": took.longest, "in_time": took.in_time}
            for row, took in one.took.items()
        ],
    }


def _lines(one: Table) -> Iterator[tuple[object, ...]]:
    for row, column in one.cells:
        number = one.figures[row, column]
        yield row, column, "number", NOT_SHOWN if number is None else number
    for row, took in one.took.items():
        yield row, "", "median_days", took.median
        yield row, "", "ninth_days", took.ninth
        yield row, "", "longest_days", took.longest
        yield row, "", "in_time_percent", NOT_SHOWN if took.in_time is None else took.in_time
