"""The plan its family reads, in one language: headings, whose words they are, and each thing's fields by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hub.model.calendar import norwegian, norwegian_day
from hub.model.content import FIELDS
from hub.model.plan import Element, Value
from hub.model.service import FAMILY
from hub.ops.citizen_plan import FamilyPlan, Read
from hub.ops.citizen_words import way_of_shut
from hub.policy.complaints import service_name, spoken
from hub.policy.explain import Language, rule_text, texts
from hub.sync.differences import texts as field_texts

ASIDE = frozenset({"title", "name", "expressed_by", "by", "comments_on", "code", "kind", "goal"})
"""Fields that are told otherwise, or are a system's own words."""
SERVICES = frozenset({"service", "author"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a section: what it is called, whose it is, what it says; and what the family says to it."""

    element: str | None
    kind: str
    title: str
    whose: str
    fields: tuple[tuple[str, str], ...] = ()
    comments: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, what stands beneath it, and sentences about it."""

    name: str
    heading: str
    items: tuple[Item, ...] = ()
    sentences: tuple[str, ...] = ()


def parts_of(found: FamilyPlan, language: Language) -> tuple[Part, ...]:
    """What is read, from the first to the last; it opens with the child's own goals and words (F-04)."""
    told = texts(language)["reading"]
    by_section = {
        name: [one for one in found.read if one.section == name] for name in ("own", "agreed", "who", "meetings")
    }
    items = {name: tuple(_item(one, found, language) for one in ones) for name, ones in by_section.items()}
    called = tuple(_called(one.at, one.asked, language) for one in found.called)
    return (
        Part("own", told[f"own_{found.reader}"], items["own"], () if items["own"] else (told["no_own"],)),
        Part("agreed", told["agreed"], items["agreed"]),
        Part("who", told["who"], items["who"]),
        Part("meetings", told["meetings"], items["meetings"], called),
        Part("coordination", told["coordination"], (), tuple(_coordination(found, language))),
        Part("requests", told["requests"], tuple(_requests(found, language))),
    )


def why_not_shown(found: FamilyPlan, language: Language) -> str:
    """Why a reader is not shown the plan, and where to complain of that."""
    said = (rule_text(rule, language) for rule in found.shut)
    return " ".join([texts(language)["reading"]["shut"], *said, spoken(way_of_shut(), language)])


def _item(one: Read, found: FamilyPlan, language: Language) -> Item:
    element, title = one.element, _title(one.element, language)
    comments = tuple(_item(Read(one.section, each), found, language) for each in one.comments)
    whose = _whose(element, one.by, found, language)
    return Item(element.id, element.kind, title, whose, tuple(_fields(element, language)), comments)


def _title(element: Element, language: Language) -> str:
    kind = str(field_texts(language)["kind"][element.kind])
    return str(element.content.get("title") or element.content.get("name") or kind)


def _whose(element: Element, by: str, found: FamilyPlan, language: Language) -> str:
    """Who of the family said it; of a service's element the service, beside it."""
    told = texts(language)["reading"]
    said = told["by_you"] if by == found.reader == "child" else told.get(f"by_{by}", "")
    service = "" if element.owner == FAMILY else service_name(element.owner, language)
    return " · ".join(filter(None, (said, service)))


def _fields(element: Element, language: Language) -> Iterator[tuple[str, str]]:
    names = field_texts(language)["field"]
    for name in FIELDS[element.kind]:
        value = element.content.get(name)
        if value not in (None, "", []) and name not in ASIDE:
            yield str(names[name]), _value(element, name, value, language)


def _value(element: Element, name: str, value: Value, language: Language) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    form = FIELDS[element.kind][name]
    if form == "time":
        return _instant(str(value))
    if form != "code":
        return str(value)
    return service_name(str(value), language) if name in SERVICES else _code(str(value), language)


def _code(code: str, language: Language) -> str:
    words: dict[str, Any] = texts(language)["reading"]["code"]
    return str(words.get(code, code))


def _instant(text: str) -> str:
    try:
        return f"{norwegian(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"
    except ValueError:
        return text


def _called(at: datetime, asked: tuple[str, ...], language: Language) -> str:
    services = ", ".join(dict.fromkeys(service_name(each, language) for each in asked))
    return str(texts(language)["reading"]["called"].format(at=f"{norwegian(at):%Y-%m-%d %H:%M}", services=services))


def _coordination(found: FamilyPlan, language: Language) -> Iterator[str]:
    told = texts(language)["reading"]
    if found.closed is None:
        said = (
            told["coordinates"].format(service=service_name(found.leads, language)) if found.leads else told["nobody"]
        )
        yield said[:1].upper() + said[1:]
    days: dict[str, date | None] = {
        "begun": norwegian_day(found.begun) if found.begun else None,
        "revised": found.revise_on if found.closed is None else None,
        "closed": norwegian_day(found.closed) if found.closed else None,
    }
    yield from (told[name].format(day=day.isoformat()) for name, day in days.items() if day)


def _requests(found: FamilyPlan, language: Language) -> Iterator[Item]:
    states = texts(language)["reading"]["state"]
    for one in found.requests:
        kind = str(field_texts(language)["kind"][one.kind])
        yield Item(None, one.kind, kind, states[one.state], ((norwegian_day(one.at).isoformat(), one.words),))
