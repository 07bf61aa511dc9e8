"""Who coordinates, and a plan's life, from the command line: a dispute, a decision, a wish refused, a plan closed."""

from __future__ import annotations

import pytest

from hub.model.responsibility import Responsibility
from tests.journeys.command import Shell
from tests.journeys.offices import AUTHORITY, UNIT, open_offices
from tests.journeys.systems import SYSTEMS
from tests.journeys.world import World


@pytest.fixture
def plan(manned: World) -> str:
    """School and kindergarten at Nora's table; nobody coordinates."""
    open_offices(manned)
    manned.at_table("nora", SYSTEMS["school"], SYSTEMS["kindergarten"], responsibility=Responsibility())
    return manned.plans["nora"]


def test_a_dispute_is_decided_by_the_municipality(shell: Shell, plan: str) -> None:
    claimed = shell.run("coordination", "claim", plan, "--person", "teacher-1", "--json").json
    why = ("--reason", "vi ser henne hver dag")
    shown = shell.run("coordination", "dispute", plan, "--person", "nursery-1", *why)
    said = shell.run("coordination", "statements", plan, "--person", AUTHORITY, "--json").json
    told = ("--person", AUTHORITY, "--authority", "sak-117", "--since", "2026-01-05", "--json")
    decided = shell.run("coordination", "decide", plan, "kindergarten", *told).json

    assert claimed["leads"] == "school"
    assert "It is disputed" in shown.out
    assert [(one["service"], one["words"]) for one in said] == [("kindergarten", "vi ser henne hver dag")]
    assert (decided["leads"], decided["disputed"]) == ("kindergarten", False)
    assert [(one["service"], one["ended_why"]) for one in decided["history"]] == [
        ("school", "decided"),
        ("kindergarten", None),
    ]


def test_a_child_coordinator_is_appointed_and_laid_down(shell: Shell, plan: str) -> None:
    told = ("--authority", "vedtak-41", "--wished-on", "2026-01-02", "--employee", "emp-7")
    made = shell.run("coordination", "appoint", plan, "municipal_health", "--person", UNIT, *told, "--json").json
    ended = shell.run("coordination", "end", plan, "child_coordinator", "--person", UNIT, "--why", "family")
    shown = shell.run("coordination", "show", plan, "--person", UNIT)

    assert (made["leads"], made["history"][0]["employee"]) == ("municipal_health", "emp-7")
    assert "Coordinates: nobody" in ended.out
    assert "family" in shown.out


def test_a_service_is_asked_and_declines(shell: Shell, plan: str) -> None:
    asked = shell.run("coordination", "ask", plan, "school", "--person", UNIT)
    shell.run("coordination", "decline", plan, "--person", "teacher-1", "--reason", "no capacity")
    kinds = [one["kind"] for one in shell.run("tasks", "list", "--person", AUTHORITY, "--json").json]

    assert (asked.status, kinds) == (0, ["decide_coordination"])


def test_a_wish_is_refused_with_what_the_family_is_told(shell: Shell, plan: str) -> None:
    shell.run("coordination", "wish", plan, "--person", "teacher-1")
    told = ("--person", UNIT, "--authority", "vedtak-43", "--reason", "not long-lasting", "--language", "en")
    refused = shell.run("coordination", "refuse", plan, *told)
    (read,) = shell.run("coordination", "refusals", plan, "--person", UNIT, "--language", "nn", "--json").json

    assert "may complain within 4 weeks" in " ".join(refused.out.split())
    assert (read["authority"], "innan 4 veker" in read["how_to_complain"]) == ("vedtak-43", True)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("decide", "{plan}", "hospital", "--person", AUTHORITY, "--authority", "sak-1"), 1, "municipal provider"),
        (("decide", "{plan}", "school", "--person", "teacher-1", "--authority", "sak-1"), 1, "decision authority"),
        (("claim", "{plan}", "--person", "nobody-1"), 1, "authorised nobody"),
        (("claim", "no-such-plan", "--person", "teacher-1"), 1, "no such plan"),
        (("refuse", "{plan}", "--person", UNIT, "--authority", "v-1", "--reason", "no need"), 1, "waits to be decided"),
        (("end", "{plan}", "king", "--person", UNIT, "--why", "family"), 2, "king"),
    ],
)
def test_what_may_not_be_is_one_line_with_the_way_out(
    shell: Shell, plan: str, words: tuple[str, ...], status: int, said: str
) -> None:
    done = shell.run("coordination", *(word.format(plan=plan) for word in words))

    assert (done.status, said in done.err) == (status, True)


def test_a_plan_is_closed_and_opened_anew_and_the_family_reads_its_guidance(shell: Shell, plan: str) -> None:
    by = ("--person", UNIT)
    asked = shell.run("plan", "invite", plan, "ppt", *by)
    shell.run("plan", "guide", plan, *by, "--words", "We looked at respite care.")
    child = shell.run("coordination", "show", plan, *by, "--json").json["child"]
    told = shell.run("told", child, "--for", "child", "-l", "en")
    closed = shell.run("plan", "close", plan, *by, "--why", "no_need", "--json").json
    late = shell.run("plan", "guide", plan, *by, "--words", "too late")
    asked_late = shell.run("coordination", "ask", plan, "school", *by)
    opened = shell.run("plan", "reopen", plan, *by)

    assert "ppt" in asked.out
    assert "respite" in told.out
    assert closed["closing"]["why"] == "no_need"
    assert [(each.status, "plan_closed" in each.err) for each in (late, asked_late)] == [(1, True)] * 2
    assert "Not begun" in opened.out
