"""What the family says for itself and asks for, from the command line of whoever writes it down."""

from __future__ import annotations

import pytest

from tests.journeys.command import Shell
from tests.journeys.offices import open_offices
from tests.journeys.systems import SYSTEMS
from tests.journeys.world import World

SHOWN = ("--person", "nurse-1", "--said-by", "nora-mother", "--reference", "journal-1")


@pytest.fixture
def plan(manned: World) -> str:
    """School and kindergarten at Nora's table; the municipal health service coordinates."""
    open_offices(manned)
    manned.at_table("nora", SYSTEMS["school"], SYSTEMS["kindergarten"])
    return manned.plans["nora"]


def test_a_goal_is_said_said_anew_and_taken_back(shell: Shell, plan: str, manned: World) -> None:
    (made,) = shell.run("plan", "say", plan, "goal", *SHOWN, "--title", "Swim", "-c", "plan_goal", "--json").json
    other = ("--title", "Dive", "-c", "plan_goal", "--element", made["element"])
    anew = shell.run("plan", "say", plan, "goal", *SHOWN, *other)
    titles = manned.titles("nora", "goal")
    listed = shell.run("plan", "words", plan, "--person", "nurse-1", "--json").json
    gone = shell.run("plan", "take-back", plan, made["element"], *SHOWN)

    assert (made["kind"], made["by"], titles) == ("goal", "parent", {"Dive"})
    assert [one["element"] for one in listed] == [made["element"]]
    assert (anew.status, gone.status, manned.titles("nora", "goal")) == (0, 0, set())
    assert "Dive" not in anew.out + gone.out


def test_what_the_family_asks_for_waits_for_whoever_coordinates(shell: Shell, plan: str, manned: World) -> None:
    what = ("--kind", "frame", "--set", "revision_due=2027-03-01", "-c", "plan_goal", "--words", "Let us meet sooner.")
    made = shell.run("plan", "ask", plan, *SHOWN, *what, "--json").json
    told = shell.run("plan", "ask", plan, *SHOWN, *what)

    assert (made["kind"], made["state"]) == ("frame", "open")
    assert "waits for whoever coordinates" in told.out
    assert len(manned.proposals("nora")) == 2


def test_what_cannot_be_is_one_line_with_the_way_out(shell: Shell, plan: str) -> None:
    stranger = ("--person", "nurse-1", "--said-by", "aunt-1", "--reference", "journal-1")
    told = ("--title", "Swim", "-c", "plan_goal")
    no_kind = shell.run("plan", "ask", plan, *SHOWN, "--kind", "spell", "--words", "Please.", "--set", "title=x")
    barred = shell.run("plan", "say", plan, "goal", "--person", "teacher-1", *SHOWN[2:], *told)

    assert (shell.run("plan", "say", plan, "goal", *stranger, *told).status, no_kind.status, barred.status) == (1, 1, 1)
    assert "participant" in no_kind.err
    assert "coordinat" in barred.err


def test_the_plan_is_read_with_own_goals_first(shell: Shell, plan: str, manned: World) -> None:
    child = manned.plan("nora").child
    said = ("--person", "nurse-1", "--said-by", child, "--reference", "journal-1", "-c", "plan_goal")
    shell.run("plan", "say", plan, "goal", *said, "--title", "Svømme til flåten")
    shown = shell.run("plan", "read", child, "--for", "child")
    sections = shell.run("plan", "read", child, "--for", "guardian", "-l", "en", "--json").json["sections"]
    manned.facts(child, protection="strictly_confidential")
    shut = shell.run("plan", "read", child, "--for", "guardian")

    lines = shown.out.splitlines()
    assert lines[0] == "Mine egne mål og ord"
    assert lines[1].startswith("  • Svømme til flåten")
    assert [each["name"] for each in sections][:2] == ["own", "agreed"]
    assert "vises ikke for foresatte" in shut.out
