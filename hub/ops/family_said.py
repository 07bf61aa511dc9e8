"""What somebody of the family says, as an element of the plan: whose word it is, what shows it, what it reveals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from hub.errors import UnusableError
from hub.model.calendar import norwegian_day
from hub.model.content import holds_free_text
from hub.model.plan import CATEGORIES, UNCLASSIFIED, About, Content, Element, Plan
from hub.model.responsibility import Facts
from hub.model.service import FAMILY
from hub.policy import reveals
from hub.sync import stamped

Own = Literal["goal", "voice", "note"]
By = Literal["child", "parent"]
WHO_SAID: Mapping[str, str] = {"goal": "expressed_by", "voice": "by", "note": "by"}
"""The field of each kind that says whether the child or a parent said it."""


@dataclass(frozen=True, slots=True)
class Said:
    """Who of the family said it, how and when, and where that is written: a journal entry, a letter."""

    person: str
    form: Literal["written", "oral"]
    at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class Words:
    """What is said. A goal has a `title`, a voice and a comment have `words`, and a comment says what it is on."""

    kind: Own
    categories: frozenset[str]
    title: str | None = None
    words: str | None = None
    status: str | None = None
    due: date | None = None
    comments_on: str | None = None
    about: By = "child"


def said_by(element: Element) -> str:
    """Whether the child or a parent said it; empty of what is not the family's own."""
    field = WHO_SAID.get(element.kind)
    return str(element.content.get(field) or "") if field else ""


def speaker(facts: Facts, said: Said, today: date) -> By:
    """The child, or a holder of parental responsibility; of one who is of age nobody else speaks (AGE-01)."""
    child = facts.child
    if said.person == child.id:
        return "parent" if child.unborn else "child"
    of_age = (child.age(today) or 0) >= 18
    if not of_age and said.person in {one.person for one in child.guardians}:
        return "parent"
    way_out = "name the child, or a guardian as the registers know it: GET /v1/persons/{child}"
    raise UnusableError("not_family", "nobody of the family by that id", place="said.person", way_out=way_out)


def as_said(now: Element, plan: Plan, said: Said, words: Words, by: By) -> Element:
    """The element as the family says it. A comment tells of what it is on: it has that one's categories, too."""
    on = _commented(plan, words)
    _nothing_beside(words)
    content = _content(words, said, by, on)
    about: About = words.about
    categories, person = classified(words.categories), None
    if on is not None:
        categories |= on.categories | reveals(on.owner)
        about, person = on.about, on.person
    elif about == "parent":
        if by != "parent":
            raise UnusableError("invalid_request", "only a parent says something of a parent", place="about")
        person = said.person
    free_text = holds_free_text(words.kind, frozenset(content))
    made = replace(now, content=content, categories=categories, about=about, person=person, free_text=free_text)
    return stamped(made)


def _content(words: Words, said: Said, by: By, on: Element | None) -> Content:
    day = norwegian_day(said.at).isoformat()
    given: dict[str, str | None]
    match words.kind:
        case "goal":
            _needed(words.title, "title")
            due = words.due.isoformat() if words.due else None
            given = {"title": words.title, "description": words.words, "status": words.status or "active", "due": due}
        case "voice":
            _needed(words.words, "words")
            given = {"title": words.title, "words": words.words, "date": day, "how": said.form}
        case "note":
            _needed(words.words, "words")
            title = words.title or (str(on.content.get("title") or "") if on else "")
            given = {"title": title, "text": words.words, "date": day, "comments_on": on.id if on else None}
    given[WHO_SAID[words.kind]] = by
    return {name: value for name, value in given.items() if value}


def _nothing_beside(words: Words) -> None:
    """What its kind cannot say is not dropped in silence."""
    stray = {
        "status": words.kind != "goal" and words.status is not None,
        "due": words.kind != "goal" and words.due is not None,
        "about": words.kind == "note" and words.about != "child",
    }
    if place := next((name for name, there in stray.items() if there), None):
        raise UnusableError("invalid_request", f"a {words.kind} does not say that", place=place)


def _needed(value: str | None, place: str) -> None:
    if not value:
        raise UnusableError("invalid_request", "this is what it says, and it is not there", place=place)


def _commented(plan: Plan, words: Words) -> Element | None:
    """What a comment is on: an element of the plan that is not the family's own."""
    if words.kind != "note":
        if words.comments_on is not None:
            raise UnusableError("invalid_request", "only a comment is on something", place="comments_on")
        return None
    found = plan.elements.get(words.comments_on or "")
    if found is None or found.deleted or found.owner == FAMILY:
        way_out = "name an element of the plan: GET /v1/persons/{child}/plan"
        raise UnusableError(
            "not_found", "there is nothing of that id to comment on", place="comments_on", way_out=way_out
        )
    return found


def classified(named: frozenset[str]) -> frozenset[str]:
    """The categories somebody names; there is at least one, and the hub knows each."""
    unknown = named - (CATEGORIES - {UNCLASSIFIED})
    if unknown or not named:
        way_out = "name all that it reveals: the categories are listed in the plan's documentation"
        why = f"{len(unknown)} of them are none" if unknown else "none is named"
        raise UnusableError("unknown_word", why, place="categories", way_out=way_out)
    return named
