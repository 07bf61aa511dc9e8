"""Stories of five copies in which they once came to disagree, or something came back; made as short as they go."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.test_convergence import table_in
from tests.journeys.world import World

Step = tuple[str, dict[str, Any]]


def write(who: str, at: int, at_once: bool = True) -> Step:
    return "an_edit", {"who": who, "at": at, "at_once": at_once}


def delete(who: str, at: int, at_once: bool = True) -> Step:
    return "a_deletion", {"who": who, "at": at, "at_once": at_once}


def make(who: str, kind: str = "measure", at_once: bool = True) -> Step:
    return "something_new", {"who": who, "kind": kind, "at_once": at_once}


def fetch(who: str) -> Step:
    return "fetched", {"who": who}


def all_of(who: str) -> Step:
    return "in_step", {"who": who}


def nightly(who: str) -> Step:
    return "sent_as_it_stands", {"who": who}


def agree(giver: str, to: str) -> Step:
    return "agrees", {"giver": giver, "to": to}


def lead(who: str | None, disputed: bool = False) -> Step:
    return "who_coordinates", {"lead": who, "disputed": disputed}


def letter(who: str, at: int = 0) -> Step:
    return "a_letter_arrives", {"who": who, "at": at}


def decide(at: int, accepted: bool) -> Step:
    return "a_proposal_is_decided", {"at": at, "accepted": accepted}


STORIES: dict[str, list[Step]] = {
    "a stale copy brings back nothing that has left its view": [
        agree("father", "some"), delete("health", 5), fetch("child_welfare"), write("child_welfare", 0),
    ],
    "a view that replaces one never acknowledged forgets nothing that had left": [
        agree("father", "some"), write("kindergarten", 2), fetch("child_welfare"), delete("health", 5),
        fetch("child_welfare"), write("child_welfare", 0), agree("mother", "nothing"),
    ],
    "a deletion that was declined is not said again where nothing may be shown": [
        agree("father", "some"), write("kindergarten", 4), lead("school"), delete("child_welfare", 3, False),
        delete("health", 5),
    ],
    "what it heard to be gone, nobody deletes by leaving it out": [
        lead("school"), make("kindergarten", "goal"), delete("school", 1, False), make("school"),
        write("nav", 1, False), all_of("nav"), agree("mother", "nothing"), write("kindergarten", 5, False),
    ],
    "whoever leaves out what is gone has said so": [
        make("health", "goal", False), agree("mother", "nothing"), delete("child_welfare", 0),
        delete("health", 5, False), write("child_welfare", 3, False), delete("child_welfare", 0, False),
        all_of("health"),
    ],
    "an owner whose own comes back to life has not deleted it again before it hears": [
        delete("child_welfare", 5), lead("school"), agree("father", "nothing"), write("school", 0, False),
        letter("school"), write("child_welfare", 3, False), fetch("child_welfare"),
    ],
    "what is on its way to a sender is no edit when it comes back": [
        lead("school"), make("child_welfare", "need", False), all_of("child_welfare"), make("health", "need", False),
        delete("health", 5), fetch("health"), delete("nav", 4, False), delete("health", 3, False),
        lead("nav_social", True), agree("mother", "nothing"), nightly("nav"), delete("child_welfare", 4),
        all_of("health"), fetch("school"), make("school", at_once=False),
    ],
    "what is on its way to an owner does not undo its own word": [
        make("kindergarten", "need", False), make("school", "need", False), write("kindergarten", 3), make("school"),
        letter("school"), fetch("school"), agree("father", "nothing"),
    ],
    "a word that waits is not proposed again when a view is acknowledged": [
        write("school", 1), make("kindergarten", "need"), decide(4, True), all_of("school"), lead("school"),
        write("school", 1, False), agree("father", "nothing"), all_of("school"), write("kindergarten", 5, False),
        fetch("kindergarten"), write("kindergarten", 2),
    ],
}  # fmt: skip


@pytest.mark.parametrize("title", STORIES)
def test_of_this_story_too_they_agree_in_the_end(embedded: World, title: str) -> None:
    story = table_in(embedded)()
    for rule, how in STORIES[title]:
        getattr(story, rule)(**how)

    story.teardown()
