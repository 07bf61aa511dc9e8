"""`langbenk bench`: the benchmarks of the source tree, each beside a floor measured in the same run."""

from __future__ import annotations

import importlib
import os
import platform
from typing import Annotated, Any

import typer

from hub.cli.show import Json, as_json, table
from hub.errors import SetupError

BENCHES = ("mapping", "decide", "sync", "flow", "push")


def bench(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(BENCHES)}; all when left out.")] = "",
    json: Json = False,
) -> None:
    """Measures and reports; judges nothing."""
    if name and name not in BENCHES:
        raise typer.BadParameter(f"one of {', '.join(BENCHES)}")
    results = [row for each in ([name] if name else BENCHES) for row in _run(each)]
    if json:
        as_json({"machine": _machine(), "results": results})
        return
    columns = ["bench", "case", "metric", "value", "unit", "floor", "ratio"]
    table("Bench", columns, [[_figure(row.get(column)) for column in columns] for row in results], "Nothing measured.")


def _run(name: str) -> list[dict[str, Any]]:
    try:
        module = importlib.import_module(f"tests.bench.{name}")
    except ModuleNotFoundError as error:
        raise SetupError("the benchmarks lie in the source tree: run `make bench` there") from error
    rows: list[dict[str, Any]] = module.run()
    return rows


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _figure(value: object) -> object:
    return f"{value:,.2f}" if isinstance(value, float) else value


def add_to(app: typer.Typer) -> None:
    """Puts this command on the command line."""
    app.command()(bench)
