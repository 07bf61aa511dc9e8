"""The desk an operator's command sits at: the hub as it is set, one municipality, and the options all share."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from hub.bootstrap import Hub, build
from hub.errors import SetupError
from hub.ops.enrol import Desk
from hub.ports import AsideRow, Hold
from hub.settings import load_settings

Municipality = Annotated[
    str, typer.Option("--municipality", "-m", help="Four digits; left out when there is only one.")
]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a few words; no names, no health details.")]
Person = Annotated[str, typer.Option("--person", help="Who decides: an opaque staff id.")]


@contextmanager
def opened(municipality: str = "") -> Iterator[tuple[Hub, Desk]]:
    """The hub as it is set, and a desk in one municipality."""
    hub = build(load_settings())
    try:
        with hub.store.begin() as work:
            found = sorted({system.municipality for system in work.directory.systems().values()})
        if not municipality and len(found) != 1:
            raise SetupError(f"name the municipality with -m: {', '.join(found) or 'no system is registered yet'}")
        yield hub, Desk(municipality or found[0], f"operator:{getpass.getuser()}", hub.clock)
    finally:
        hub.close()


def quiet(row: Hold | AsideRow) -> dict[str, object]:
    """The row without what a person wrote, and without the digest, from which short words could be guessed."""
    return {name: value for name, value in asdict(row).items() if name not in ("reason", "digest")}
