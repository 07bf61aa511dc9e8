"""What the family is told in words, over HTTP: guidance, a refusal with the way to complain, who coordinates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.nora import LEAD, SCHOOL, code, family, post, set_table
from tests.journeys.offices import AUTHORITY, UNIT
from tests.journeys.town import Town


@pytest.fixture
def desk(town: Town) -> Town:
    """School and kindergarten at Nora's table; the municipal health service coordinates."""
    set_table(town)
    return town


def test_guidance_is_read_by_the_family_and_by_no_service(desk: Town) -> None:
    post(desk, LEAD, "guidance", words="We looked at respite care.")
    path = f"/v1/persons/{desk.world.plan('nora').child}/logbook?for=guardian"
    (line,) = family(desk, "guardian")["lines"]

    assert (line["kind"], line["service"], line["words"]) == (
        "guidance",
        "municipal_health",
        "We looked at respite care.",
    )
    assert "veiledning" in line["what"]
    assert "rettleiing" in family(desk, "child", "nn")["lines"][0]["what"]
    assert code(desk.call(SCHOOL, "GET", path)) == (403, "insufficient_scope")


def test_guardians_are_not_shown_guidance_where_something_is_withheld_from_them(desk: Town) -> None:
    post(desk, LEAD, "guidance", words="We looked at respite care.")
    desk.world.facts(desk.world.plan("nora").child, withheld=frozenset({"mental_health"}))

    assert (family(desk, "guardian")["lines"], len(family(desk, "child")["lines"])) == ([], 1)


def test_guardians_of_a_hidden_child_and_of_an_adult_are_shown_nothing(desk: Town) -> None:
    post(desk, LEAD, "guidance", words="We looked at respite care.")
    desk.world.facts(desk.world.plan("nora").child, protection="strictly_confidential")
    shut = family(desk, "guardian", "en")

    assert (shut["shut"], shut["lines"]) == (["ADR-01"], [])
    assert "not shown to guardians" in shut["why_shut"]


def test_the_family_reads_a_refusal_with_the_way_to_complain_and_a_decision_on_who_coordinates(desk: Town) -> None:
    post(desk, UNIT, "coordination/wishes")
    post(desk, UNIT, "refusals", wish="child_coordinator", authority="vedtak-43", reason="Behovet er ikke langvarig.")
    desk.world.clock.instant += timedelta(minutes=1)
    post(desk, AUTHORITY, "coordination/decisions", service="school", authority="sak-1", reason="Skolen er tettest på.")
    decided, refused = family(desk, "guardian")["lines"]

    assert (decided["kind"], decided["words"]) == ("told_family", "Skolen er tettest på.")
    assert (refused["authority"], refused["complaints"][0]["body"]) == ("vedtak-43", "county_governor")
    assert "innen 4 uker" in refused["how_to_complain"]
