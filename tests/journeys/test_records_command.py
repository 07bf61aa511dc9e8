"""`langbenk resync` and `langbenk reconcile`: tables, JSON, and a status one can script on."""

from __future__ import annotations

from dataclasses import replace

from tests.journeys.command import Shell
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.test_command_line import held, ready, world
from tests.journeys.world import World

__all__ = ["ready", "world"]
HEALTH = SYSTEMS["health"]


def test_a_view_is_laid_ready_anew_by_a_command(shell: Shell, world: World) -> None:
    held(world)

    done = shell.run("resync", world.plans["nora"], "--system", "school-1", "-m", HOME, "--json")

    assert done.status == 0, done.err
    assert done.json["state"] in ("waiting", "nothing")


def test_an_unknown_system_is_one_line_with_the_way_out(shell: Shell, world: World) -> None:
    held(world)

    done = shell.run("resync", world.plans["nora"], "--system", "nobody", "-m", HOME)

    assert (done.status, "not_found" in done.err) == (1, True)


def test_a_system_that_does_not_answer_is_listed_and_fails_the_command(shell: Shell, world: World) -> None:
    held(world)
    world.register(replace(HEALTH, delivery="push", settings={"url": "http://127.0.0.1:9"}))
    world.seat("nora", HEALTH, "nora@health-1")

    told = shell.run("reconcile", "--system", HEALTH.id, "-m", HOME)
    listed = shell.run("reconcile", "--plan", world.plans["nora"], "-m", HOME, "--json")

    assert (told.status, "away" in told.out) == (1, True)
    assert [(each["system"], each["code"]) for each in listed.json] == [(HEALTH.id, "receiver_away")]


def test_where_no_system_has_an_api_there_is_nothing_to_ask(shell: Shell, world: World) -> None:
    held(world)

    done = shell.run("reconcile", "-m", HOME)

    assert (done.status, "No system here" in done.out) == (0, True)
