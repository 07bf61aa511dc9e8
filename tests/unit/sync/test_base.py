"""What is remembered of what a system was shown and said: what is an echo, what an absence says, and what is news."""

from __future__ import annotations

from hub.model.plan import Element
from hub.sync.base import MOST, Base, beside, faded, lasts, shown, shown_now, unsure

MEASURE = Element("e", "measure", "school", frozenset({"education"}), {"title": "t"})


def base(seen: str | None = None, sent: str | None = None) -> Base:
    return Base({} if seen is None else {"e": seen}, {} if sent is None else {"e": sent})


def test_what_was_shown_or_said_is_an_echo_and_nothing_else() -> None:
    assert base("a", "b").holds("e", "a")
    assert base("a", "b").holds("e", "b")
    assert not base("a", "b").holds("e", "c")
    assert not base().holds("e", "a")


def test_what_has_left_a_view_is_an_echo_still_and_no_longer_shown() -> None:
    left = shown_now({"e": "b"}, {}, {"e": "a"})

    assert shown(left) == {}
    assert all(Base({}, left).holds("e", each) for each in "ab")
    assert faded(left["e"], "c").count("~") == 3


def test_a_stale_copy_of_what_has_left_its_view_does_not_bring_it_back() -> None:
    assert base("a", faded("a")).taken("e", "a").startswith("~")


def test_an_absence_says_nothing_of_what_never_arrived_or_has_left_or_is_gone() -> None:
    assert base("a", "a").knows(MEASURE, "nav_social", "nav-1")
    assert not base(None, "a").knows(MEASURE, "nav_social", "nav-1")
    assert not base("a", faded("a")).knows(MEASURE, "nav_social", "nav-1")
    assert not base("-", "-").knows(MEASURE, "nav_social", "nav-1")
    assert not base(unsure(None, "a"), "a").knows(MEASURE, "nav_social", "nav-1")


def test_an_owner_need_only_have_said_it() -> None:
    assert base("a", faded("a")).knows(MEASURE, "school", "school-1")
    assert not base(None, "a").knows(MEASURE, "school", "school-1")
    assert not base("-", "a").knows(MEASURE, "school", "school-1")


def test_a_deletion_that_waits_is_not_said_again_by_each_absence() -> None:
    assert not base("a", beside("a", "-")).knows(MEASURE, "nav_social", "nav-1")


def test_its_own_word_that_waits_is_an_echo_beside_what_it_is_shown() -> None:
    waits = beside("a", "w")

    assert base("a", waits).holds("e", "w")
    assert lasts("a", waits)
    assert shown({"e": waits}) == {"e": "a"}


def test_what_was_sent_and_never_acknowledged_is_an_echo_until_something_is() -> None:
    said = base("a", "b").said("e", "c")

    assert base(said).holds("e", "b")
    assert not base(said).holds("e", "a")
    assert base("a", "a").said("e", "c") == "c"


def test_what_is_on_its_way_to_it_is_to_be_told_anew_once_it_says_something_else() -> None:
    assert base("a", "b").taken("e", "c") == "b"
    assert base("a", "a").taken("e", "c") == "c"
    assert base("a", "b").taken("e", "b") == "b"


def test_one_that_never_acknowledges_is_remembered_only_so_far() -> None:
    value = "a"
    for number in range(100):
        value = unsure(value, f"v{number}")

    assert value.count("~") == MOST
    assert value.endswith("~v99")
