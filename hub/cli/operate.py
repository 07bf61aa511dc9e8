"""What an operator needs before there is a console: status, trail, what was set aside, configuration."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from hub.bootstrap import build
from hub.cli.desk import Municipality, Person, Reason, opened, quiet
from hub.cli.show import Json, as_json, console, table
from hub.ops import config as registered
from hub.ops import set_aside
from hub.ops.agreements import agree
from hub.ops.backlog import backlog
from hub.ops.districts import declare
from hub.ops.enrol import Desk
from hub.ops.officials import authorise, must_have_authority
from hub.ops.routines import describe as describe_routines
from hub.ops.trail import trail as story_of
from hub.security.keys import new_master_key
from hub.settings import describe, load_settings


def status(municipality: Municipality = "", json: Json = False) -> None:
    """Both ledgers added up, what waits, and for how long."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = backlog(work, desk.municipality, hub.clock.now(), hub.patience)
    if json:
        as_json(found)
        return
    rows = [
        (name, count.total, count.ended, count.held, count.in_flight, _states(count.states))
        for name, count in (("message parts", found.parts), ("deliveries", found.deliveries))
    ]
    table("Ledgers", ["ledger", "total", "ended", "held", "in flight", "by state"], rows, "Nothing has come yet.")
    asked = f"questions to senders without an answer: {found.questions}"
    console.print(f"Holds that wait for a human: {found.open_holds} · {asked} · set aside: {found.set_aside}")
    if found.late:
        console.print(f"[bold]Reports and dangers that have not come through in time: {found.late}[/bold]")
    for what, seconds in sorted(found.oldest_seconds.items()):
        console.print(f"Oldest waiting, {what}: {seconds:.0f} s")


def trail(id: str, municipality: Municipality = "", json: Json = False) -> None:
    """The whole story of one message, plan or delivery, in the order it happened."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        steps = story_of(work, desk.municipality, id)
    if json:
        as_json(steps)
        return
    rows = [
        (f"{step.at:%Y-%m-%d %H:%M:%S}", step.what, step.system, step.outcome, step.subject[:12], _short(step.detail))
        for step in steps
    ]
    table(f"Trail of {id}", ["when (UTC)", "what", "system", "outcome", "subject", "detail"], rows, "Nothing.")


aside_app = typer.Typer(help="What could not be used.", no_args_is_help=True)


@aside_app.command("list")
def aside_list(municipality: Municipality = "", json: Json = False) -> None:
    """Everything set aside that nobody has dealt with."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        rows = list(set_aside.list_aside(work, desk))
    if json:
        as_json([quiet(row) for row in rows])
        return
    shown = [
        (row.id, row.subject, row.subject_id, row.code, row.place, f"{row.created_at:%Y-%m-%d %H:%M}") for row in rows
    ]
    table("Set aside", ["id", "what", "subject", "code", "place", "since"], shown, "Nothing is set aside.")


@aside_app.command("show")
def aside_show(id: str, municipality: Municipality = "", json: Json = False) -> None:
    """One of them."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        row = set_aside.show(work, desk, id)
    as_json(quiet(row)) if json else console.print(quiet(row))


@aside_app.command("replay")
def aside_replay(id: str, municipality: Municipality = "", json: Json = False) -> None:
    """Gives it back to the hub for the target it had; it is decided anew with today's facts."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        row = set_aside.replay(work, desk, id)
    as_json(quiet(row)) if json else console.print(f"Given back; the next sweep takes {row.subject} {row.subject_id}.")


@aside_app.command("discard")
def aside_discard(id: str, person: Person, reason: Reason, municipality: Municipality = "", json: Json = False) -> None:
    """Closes it for good, with a reason; the ledger line stays."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        row = set_aside.discard(work, desk, id, person, reason)
    as_json(quiet(row)) if json else console.print(f"Discarded {id}.")


config_app = typer.Typer(help="Settings and registered systems.", no_args_is_help=True)


@config_app.command("check")
def config_check(json: Json = False) -> None:
    """Every setting with its origin; secrets are masked."""
    rows = describe(load_settings())
    if json:
        as_json(rows)
        return
    table("Settings", ["setting", "value", "origin", "about"], [(r.name, r.value, r.origin, r.about) for r in rows], "")


@config_app.command("apply")
def config_apply(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)], json: Json = False) -> None:
    """Registers systems, people, agreements, routines and city districts of a YAML file; nothing is removed."""
    hub = build(load_settings())
    try:
        config = registered.read_config(file, hub.registry)
        hub.store.migrate()
        with hub.store.begin() as work:
            for municipality in config.municipalities:
                desk, own = Desk(municipality, f"operator:{getpass.getuser()}", hub.clock), config.of(municipality)
                registered.apply(work, desk, own.systems)
                authorise(work, desk, own.officials)
                must_have_authority(work, desk)
                agree(work, desk, own.agreements)
                describe_routines(work, desk, own.routines)
                declare(work, desk, own.districts)
    finally:
        hub.close()
    if json:
        as_json([each.id for each in config.systems] + [each.person for each in config.officials])
        return
    systems, people, agreements, routines, districts = (len(rows) for rows in config)
    told = f"{systems} systems registered, {people} people authorised, {agreements} agreements, {routines} routines"
    console.print(f"{told}, {districts} districts.")


def key_new(json: Json = False) -> None:
    """A fresh master key, as LANGBENK_MASTER_KEY wants it."""
    key = new_master_key()
    as_json({"key": key}) if json else console.print(key, highlight=False)


def key_rewrap(json: Json = False) -> None:
    """Wraps every child's key with the current master key; afterwards the former one opens nothing any more."""
    hub = build(load_settings())
    try:
        count = hub.store.rewrap()
    finally:
        hub.close()
    as_json({"rewrapped": count}) if json else console.print(f"{count} children's keys wrapped anew.")


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.command()(status)
    app.command()(trail)
    app.add_typer(aside_app, name="aside")
    app.add_typer(config_app, name="config")
    key_app = typer.Typer(help="Keys.", no_args_is_help=True)
    key_app.command("new")(key_new)
    key_app.command("rewrap")(key_rewrap)
    app.add_typer(key_app, name="key")


def _states(states: Mapping[str, int]) -> str:
    return ", ".join(f"{state} {count}" for state, count in states.items())


def _short(detail: dict[str, object]) -> str:
    """The record of a decision is long: its outcome stands beside, `--json` shows it whole."""
    return ", ".join(f"{key}={value}" for key, value in detail.items() if key not in ("record", "decisions"))
