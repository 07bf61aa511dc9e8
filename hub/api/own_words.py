"""The family's own goals, words and comments over HTTP, written down on its behalf by whoever coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from hub.api.acting import Person, step
from hub.api.conditions import Condition, Seen, tagged
from hub.api.coordination import ByPerson
from hub.api.door import Controller
from hub.api.life_words import Words
from hub.api.needs import Hub, TheHub
from hub.api.problems import documented
from hub.api.shapes import Code, Day, Instant, Reference, Strict
from hub.model.plan import Element
from hub.model.service import System
from hub.ops import family_said, own_words
from hub.ops.casework import Casework
from hub.ops.closing import in_turn, while_open
from hub.ops.officials import Barred

router = APIRouter(tags=["the family's own words"])
ANSWERS = documented(403, 404, 409, 422)
CHANGES = documented(403, 404, 409, 412, 422, 428)


class SaidIn(Strict):
    """Who of the family said it, and what shows it: the child, or a guardian as the registers know it."""

    person: Reference = Field(examples=["p-mother-07"])
    form: Literal["written", "oral"] = "oral"
    at: Instant | None = Field(None, description="now, unless an earlier instant is said")
    reference: Reference = Field(description="the journal entry or the letter", examples=["journal-2026-57"])

    def said(self, now: datetime) -> family_said.Said:
        return family_said.Said(self.person, self.form, self.at or now, self.reference)


class OnBehalfIn(ByPerson):
    """Something done for the family, by a person of whoever coordinates."""

    said: SaidIn


class WordsIn(OnBehalfIn):
    """A goal has a `title`; a comment reveals all that the element it is on does."""

    kind: Literal["goal", "voice", "note"] = Field(examples=["goal"])
    title: str | None = Field(None, min_length=1, max_length=200, examples=["Å svømme 25 meter"])
    words: Words | None = None
    status: Literal["proposed", "active", "on_hold", "reached", "dropped"] | None = None
    due: Day | None = None
    comments_on: Reference | None = Field(None, description="the element a comment is about")
    categories: list[Code] = Field(min_length=1, max_length=40, description="all that it reveals")
    about: Literal["child", "parent"] = "child"

    def words_said(self) -> family_said.Words:
        named = self.model_dump(exclude={"person", "said", "categories"})
        return family_said.Words(categories=frozenset(self.categories), **named)


class Told(BaseModel):
    """One time it was said, said anew or taken back, from the audit chain."""

    at: datetime
    what: str = Field(examples=["family.said"])
    detail: dict[str, Any]


class OwnWordOut(BaseModel):
    """What may be said of it without saying it: to write it down gives nobody access to it."""

    element: str
    kind: str
    by: str = Field(description="`child` or `parent`")
    about: str
    comments_on: str | None
    categories: list[str]
    history: list[Told] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Own:
    """One of the family's own words, in one request of the municipality's control room."""

    plan: str
    element: str
    hub: Hub
    system: System

    def read(self, person: str) -> OwnWordOut:
        return step(self.hub, self.system, person, self.plan, self._shown)

    def change(self, person: str, seen: Condition, act: Any) -> OwnWordOut:
        def guarded(case: Casework) -> OwnWordOut | Barred:
            now = self._shown(case)
            if isinstance(now, Barred):
                return now
            seen.hold(now)
            done: Element | Barred = act(case)
            return done if isinstance(done, Barred) else _out(case, done)

        out = step(self.hub, self.system, person, self.plan, in_turn(while_open(guarded)))
        seen.tag(out)
        return out

    def _shown(self, case: Casework) -> OwnWordOut | Barred:
        found = own_words.own_word(case, self.element)
        return found if isinstance(found, Barred) else _out(case, found)


def _own(id: str, element: str, hub: TheHub, system: Controller) -> _Own:
    return _Own(id, element, hub, system)


Own = Annotated[_Own, Depends(_own)]


@router.get("/v1/plans/{id}/words", responses=documented(403, 404), summary="List the family's own words")
def get_words(id: str, hub: TheHub, system: Controller, person: Person) -> list[OwnWordOut]:
    """What there is, without what it says: the family reads that in its plan, and receivers in their views."""
    found = step(hub, system, person, id, own_words.own_words)
    return [_metadata(each) for each in found]


@router.post("/v1/plans/{id}/words", status_code=201, responses=ANSWERS, summary="Write down the family's own words")
def post_words(id: str, told: WordsIn, hub: TheHub, system: Controller) -> OwnWordOut:
    """A goal, words, or a comment on an element. Only the family changes it, and it goes where consent lets it go."""

    def act(case: Casework) -> OwnWordOut | Barred:
        done = own_words.say(case, told.said.said(case.now), told.words_said())
        return done if isinstance(done, Barred) else _out(case, done)

    return step(hub, system, told.person, id, in_turn(while_open(act)))


@router.get("/v1/plans/{id}/words/{element}", responses=documented(403, 404), summary="Read whose words they are")
def get_word(on: Own, person: Person, response: Response) -> OwnWordOut:
    """Who said it, how and when, each time; with the ETag that a change of it needs."""
    out = on.read(person)
    tagged(response, out)
    return out


@router.put("/v1/plans/{id}/words/{element}", responses=CHANGES, summary="Write down what the family says now")
def put_word(told: WordsIn, on: Own, seen: Seen) -> OwnWordOut:
    """All of it as it is said now. What the child has said only the child changes."""
    words = told.words_said()
    return on.change(
        told.person, seen, lambda case: own_words.say_anew(case, on.element, told.said.said(case.now), words)
    )


@router.post("/v1/plans/{id}/words/{element}/withdrawal", responses=CHANGES, summary="Take the family's words back")
def post_withdrawal(told: OnBehalfIn, on: Own, seen: Seen) -> OwnWordOut:
    """Whoever has been told them is told that they are gone."""
    return on.change(told.person, seen, lambda case: own_words.take_back(case, on.element, told.said.said(case.now)))


def _metadata(element: Element) -> OwnWordOut:
    on = element.content.get("comments_on")
    return OwnWordOut(
        element=element.id,
        kind=element.kind,
        by=family_said.said_by(element),
        about=element.about,
        comments_on=str(on) if on else None,
        categories=sorted(element.categories),
    )


def _out(case: Casework, element: Element) -> OwnWordOut:
    lines = case.work.audit.of(case.desk.municipality, element.id)
    history = [Told(at=one.at, what=one.action, detail=dict(one.detail)) for one in lines]
    return _metadata(element).model_copy(update={"history": history})
