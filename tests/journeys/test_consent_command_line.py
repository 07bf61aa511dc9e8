"""What a coordinator does with consent on the command line: ask, see who has not answered, record, withdraw."""

from __future__ import annotations

import pytest

from tests.journeys.command import Shell
from tests.journeys.systems import HOME
from tests.journeys.world import World

ASK = (
    *("--from", "school", "--to", "kindergarten", "--category", "education", "--category", "plan_measure"),
    *("--person", "emp-12", "--background", "The move to school."),
)


@pytest.fixture
def child(manned: World) -> str:
    return manned.child("nora")


def test_a_request_is_asked_answered_and_withdrawn(shell: Shell, child: str) -> None:
    asked = shell.run("consents", "request", "--child", child, *ASK, "--json")
    request = asked.json
    waiting = shell.run("consents", "list", "--json").json
    by = ("--received-by", "emp-12", "--told", "everything", "--json")
    given = shell.run("consents", "give", request["id"], "--person", "nora-mother", *by)
    refused = shell.run("consents", "refuse", request["id"], "--person", "nora-father", "--json")
    withdrawn = shell.run("consents", "withdraw", given.json["id"], "--person", "nora-mother", "--json")
    records = shell.run("consents", "list", "--child", child, "--json").json

    assert [each.status for each in (asked, given, refused, withdrawn)] == [0, 0, 0, 0]
    assert {one["person"] for one in waiting} == {"nora-mother", "nora-father"}
    assert (given.json["informed"], given.json["senders"], refused.json["answer"]) == (True, ["school"], "no")
    assert [(one["answer"], one["withdrawn_at"] is not None) for one in records] == [("yes", True), ("no", False)]
    assert shell.run("consents", "list", "--json").json == []


def test_an_oral_consent_is_recorded_at_once_and_documented_later(shell: Shell, child: str) -> None:
    request = shell.run("consents", "request", "--child", child, *ASK, "--json").json
    oral = ("--person", "nora-mother", "--received-by", "emp-12", "--oral", "--undocumented", "--json")
    given = shell.run("consents", "give", request["id"], *oral).json
    waits = shell.run("consents", "list", "--json").json
    told = ("--received-by", "emp-12", "--told", "everything", "--reference", "journal-17")
    done = shell.run("consents", "document", given["id"], *told)

    assert (given["documented"], given["form"]) == (False, "oral")
    assert [one["id"] for one in waits if one["what"] == "documentation"] == [given["id"]]
    assert (done.status, done.out.strip()) == (0, f"Documented {given['id']}.")


def test_tables_say_who_is_asked_how_it_stands_and_what_the_person_reads(shell: Shell, child: str) -> None:
    asked = shell.run("consents", "request", "--child", child, *ASK)
    request = shell.run("consents", "list", "--json").json[0]["id"]
    waiting = shell.run("consents", "list")
    shown = shell.run("consents", "show", request, "--language", "en")
    shell.run("consents", "give", request, "--person", "nora-mother", "--received-by", "emp-12", "--told", "categories")
    records = shell.run("consents", "list", "--child", child)

    assert "nora-mother" in asked.out
    assert "nora-father" in waiting.out
    assert "stay the same whatever you answer" in shown.out
    assert "not shown to be informed" in records.out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("request", *ASK, "--to", "ALL", "--child", "CHILD"), 1, "blank_form"),
        (("request", *ASK, "--child", "nobody"), 1, "not_found"),
        (("give", "nothing", "--person", "x", "--received-by", "emp-12"), 1, "not_found"),
        (("withdraw", "nothing"), 1, "unknown_consent"),
        (("give", "x", "--person", "x", "--received-by", "y", "--told", "gossip"), 2, "everything"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_its_reason(
    shell: Shell, child: str, words: tuple[str, ...], status: int, said: str
) -> None:
    done = shell.run("consents", *[child if word == "CHILD" else word for word in words])

    assert done.status == status
    assert said in done.err
    assert HOME not in done.err
