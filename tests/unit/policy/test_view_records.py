"""Releases answer one hold each; the record of a view is kept in ids and codes."""

from __future__ import annotations

import pytest

from hub.model.responsibility import Release
from hub.policy.decision import canonical
from tests.unit.policy.children import HOME, NOW, all_three, element, facts, seen


def release(element: str, digest: str, finding: str, system: str = "ppt-1") -> dict[tuple[str, str, str], Release]:
    return {(element, digest, system): Release(element, digest, system, "u1", "read and cleared", finding, NOW)}


def test_a_release_answers_its_hold() -> None:
    note = element("a", "education")
    known = facts(all_three()[:2], maturity=None, releases=release("a", "digest of a", "AGE-06"))

    view = seen(known, note)

    assert view.opened == {"a"}
    (line,) = view.record()["elements"]
    assert (line["answer"], line["released"], list(line["rules"])) == ("open", True, ["AGE-06"])


@pytest.mark.parametrize(
    "lapsed",
    [
        release("a", "another digest", "AGE-06"),
        release("b", "digest of a", "AGE-06"),
        release("a", "digest of a", "AGE-06", system="bup-1"),
        release("a", "digest of a", "RED-01"),
    ],
)
def test_a_release_answers_no_other_element_content_receiver_or_reason(
    lapsed: dict[tuple[str, str, str], Release],
) -> None:
    known = facts(all_three()[:2], maturity=None, releases=lapsed)

    assert "a" in seen(known, element("a", "education")).held


def test_a_release_never_opens_what_is_shut() -> None:
    known = facts(releases=release("a", "digest of a", "CON-01"))

    assert set(seen(known, element("a", "education")).shut) == {"a"}


def test_the_record_holds_ids_and_codes_and_no_content() -> None:
    known = facts(all_three())
    note = element("a", "education", content={"title": "Marker Ørnefjell"})

    view = seen(known, note, element("b", "economy"))

    kept = view.canonical()
    assert b"Marker" not in kept
    assert view.hash() == seen(known, note, element("b", "economy")).hash()
    assert view.grounds.record["policy"]["version"]
    assert "hpl § 21 @ 2026-07-01" in view.grounds.record["statutes"]


def test_a_record_is_kept_in_the_bytes_of_its_own_json() -> None:
    view = seen(facts(all_three()), element("a", "education"), element("b", "economy"))

    assert view.canonical() == canonical(view.record())


def test_equal_facts_that_are_another_object_give_the_same_bytes() -> None:
    first = seen(facts(all_three()), element("a", "education"))
    second = seen(facts(all_three()), element("a", "education"))

    assert first.canonical() == second.canonical()


def test_facts_that_changed_under_the_same_version_are_seen() -> None:
    assert seen(facts(all_three()), element("a", "education")).opened
    assert not seen(facts(all_three(withdrawn_at=NOW)), element("a", "education")).opened
    assert not seen(facts(all_three(municipality=HOME + "x")), element("a", "education")).opened
