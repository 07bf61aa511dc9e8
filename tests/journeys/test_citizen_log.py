"""The citizen's log: what went from whom to whom, when, why and on what basis, as a guardian or the child reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.errors import UnusableError
from hub.ops.citizen_entries import Entry
from hub.ops.citizen_log import CitizenLog, Reader
from hub.ops.citizen_words import LogLine, Page, line_of, read_log, why_shut
from hub.policy.explain import Language
from hub.sdk.directed import INFO, REPORT
from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS, measure, support_plan
from tests.journeys.test_directed import DUTY, EDUCATION, NUMBER, info, report
from tests.journeys.world import World

SCHOOL, NURSERY, CHILD_WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]
PLAIN = measure("m1", "A quiet start to the day")
SPED = measure("m2", "Reading in a small group", topic="special_education")
NARROW = EVERYTHING - {"sped"}


def log(world: World, child: str, reader: Reader = "guardian") -> CitizenLog:
    with world.hub.store.begin() as work:
        return read_log(work, world.desk, child, reader)


def told(world: World, child: str, reader: Reader = "guardian") -> list[tuple[str, str, str]]:
    """State and both ends of each entry, newest first."""
    return [(one.state, one.sender, one.receiver) for one in log(world, child, reader).entries]


def entry(world: World, child: str, state: str, reader: Reader = "guardian") -> Entry:
    (found,) = [one for one in log(world, child, reader).entries if one.state == state]
    return found


def say_a_minute_later(world: World, title: str) -> None:
    world.clock.instant += timedelta(minutes=1)
    say(world, measure("m1", title))
    world.take(NURSERY)


def say(world: World, *measures: dict[str, Any]) -> None:
    world.tell(SCHOOL, support_plan("nora@school-1", measures=list(measures)))


def test_what_was_sent_is_told_with_its_basis_and_what_stayed_with_the_way_to_complain(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    given = world.consent(child, "nora", "mother", "father", categories=NARROW)
    say(world, PLAIN, SPED)
    world.take(NURSERY)

    sent, denied = entry(world, child, "sent"), entry(world, child, "denied")

    assert (sent.sender, sent.receiver, sent.categories) == ("school", "kindergarten", ("education", "plan_measure"))
    assert (sent.basis, set(sent.consents), sent.at) == (("AGE-05",), set(given), world.hub.clock.now())
    assert "sped" in denied.categories
    assert denied.complaint is not None
    assert (denied.complaint.body, denied.complaint.act) == ("county_governor", "fvl")
    assert "Reading" not in str(log(world, child))


def test_a_long_log_is_read_page_by_page_and_what_is_decided_meanwhile_moves_no_page(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    for number in range(6):
        say_a_minute_later(world, f"A quiet start {number}")
    whole = log(world, child)
    pages, before = [], None
    while before is not None or not pages:
        with world.hub.store.begin() as work:
            page = read_log(work, world.desk, child, "guardian", Page(before, 4))
        pages.append(page)
        before = page.next
        say_a_minute_later(world, f"A quiet start, later {len(pages)}")

    assert len(pages) > 2
    assert [one for page in pages for one in page.entries] == list(whole.entries)
    with pytest.raises(UnusableError, match="begins there"), world.hub.store.begin() as work:
        read_log(work, world.desk, child, "guardian", Page("nobody"))


def test_before_it_is_fetched_nothing_was_told(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    say(world, PLAIN)
    before = told(world, child)
    world.fetch(NURSERY)
    world.fetch(NURSERY)

    assert before == []
    assert told(world, child) == [("sent", "school", "kindergarten")]


def test_a_refusal_is_told_once_however_often_it_is_repeated(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    say(world, PLAIN)
    say(world, measure("m1", "A quiet start, again"))

    assert told(world, child) == [("denied", "school", "kindergarten")]


def test_what_a_person_released_says_so(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, consent=False)
    world.consent(child, "nora", "mother", "father", categories=NARROW)
    say(world, {**SPED, "text": "With Siri"})
    waits = told(world, child)
    world.release(*world.holds("nora"))
    world.take(NURSERY)

    assert waits == [("waits", "school", "kindergarten")]
    assert line_of(entry(world, child, "sent"), "nb").why == "Et menneske har avgjort det."


def test_no_report_and_no_answer_to_one_stands_in_anybodys_log(world: World) -> None:
    child = world.at_table("nora", NURSERY, CHILD_WELFARE, number=NUMBER)
    world.tell(NURSERY, report(), REPORT.name, claims=DUTY)
    world.tell(NURSERY, report(), REPORT.name, claims={**DUTY, "duty": {"ground": "x"}})
    sent = len(world.take(CHILD_WELFARE))

    assert sent == 1
    assert (told(world, child), told(world, child, "child")) == ([], [])


def test_an_ordinary_message_stands_there(world: World) -> None:
    child = world.at_table("nora", NURSERY, SCHOOL)
    world.tell(NURSERY, info(EDUCATION), INFO.name, receiver="school")
    world.take(SCHOOL)

    assert told(world, child, "child") == [("sent", "kindergarten", "school")]


def test_what_is_withheld_from_guardians_is_in_the_childs_log_alone(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, age=13, understands=True, withheld=frozenset({"sped"}))
    world.consent(child, "nora", "child")
    say(world, PLAIN, SPED)
    world.take(NURSERY)

    assert "sped" not in entry(world, child, "sent").categories
    assert "sped" in entry(world, child, "sent", "child").categories


def test_a_service_that_would_tell_it_by_itself_is_not_named_to_guardians(world: World) -> None:
    hidden = frozenset({"care_situation"})
    child = world.at_table("nora", SCHOOL, CHILD_WELFARE, withheld=hidden)
    say(world, PLAIN)
    world.take(CHILD_WELFARE)

    assert told(world, child) == []
    assert told(world, child, "child") == [("sent", "school", "child_welfare")]


def test_guardians_of_a_hidden_child_are_shown_nothing_and_told_where_to_complain(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, protection="strictly_confidential")
    say(world, PLAIN)
    world.take(NURSERY)

    shut = log(world, child)

    assert (shut.shut, shut.entries) == (("ADR-01",), ())
    assert "statsforvalteren" in why_shut(shut, "nb")
    assert told(world, child, "child") == [("sent", "school", "kindergarten")]


def test_from_eighteen_the_log_is_the_persons_own(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY, age=18, consent=False)
    world.consent(child, "nora", "child")
    say(world, PLAIN)
    world.take(NURSERY)

    assert log(world, child).shut == ("AGE-01",)
    assert told(world, child, "child") == [("sent", "school", "kindergarten")]


def test_what_the_registers_said_too_long_ago_shows_guardians_nothing(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    world.facts(child, as_of=None)

    assert log(world, child).shut == ("STALE",)


@pytest.mark.parametrize(
    ("language", "what", "why"),
    [
        ("nb", "Skole fortalte barnehage om opplæring, tiltak i planen.", "Med samtykke."),
        ("nn", "Skule fortalde barnehage om opplæring, tiltak i planen.", "Med samtykke."),
        ("en", "School told kindergarten about education, measures of the plan.", "By consent."),
    ],
)
def test_the_log_speaks_the_readers_language(world: World, language: Language, what: str, why: str) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    say(world, PLAIN)
    world.take(NURSERY)

    assert line_of(entry(world, child, "sent"), language) == LogLine(what, why)


def test_another_municipality_has_no_such_child(world: World) -> None:
    child = world.at_table("nora", SCHOOL, NURSERY)
    say(world, PLAIN)
    world.take(NURSERY)

    with world.hub.store.begin() as work:
        elsewhere = work.decisions.about("8888", child, world.plans["nora"], 100)
        here = work.decisions.about(HOME, child, world.plans["nora"], 100)

    assert (list(elsewhere), len(here) > 0) == ([], True)
