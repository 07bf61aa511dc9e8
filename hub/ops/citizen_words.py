"""The citizen's log read from its rows, and told in one language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.errors import UnusableError
from hub.model.calendar import norwegian_day
from hub.ops.citizen_entries import RELEASE, Entry, Seen
from hub.ops.citizen_lines import FamilyLog
from hub.ops.citizen_log import OFFICE, CitizenLog, Reader, citizen_log
from hub.ops.enrol import Desk, facts_of
from hub.policy import LIMIT, still_known
from hub.policy.complaints import Complaint, complaint_about, service_name, spoken
from hub.policy.explain import Language, listed, rule_text, texts
from hub.policy.statutes import acts, of_rule
from hub.ports import DecisionRow, Delivery, Work

PAGE = 500
"""How many decisions one page of a log is read from."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry in words: what happened, on what basis, and how to complain where something was kept back."""

    what: str
    why: str
    complaint: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """How much of a log is read: at most `size` decisions older than `before`, the oldest of the page before.

    `known_for` is how long the registers' word is relied on.
    """

    before: str | None = None
    size: int = PAGE
    known_for: timedelta = LIMIT


WHOLE = Page()


def read_log(work: Work, desk: Desk, child: str, reader: Reader, page: Page = WHOLE) -> CitizenLog:
    """A page of the log of a child of this municipality, or `not_found`. What is decided meanwhile moves no page."""
    now = desk.clock.now()
    facts = still_known(facts_of(work, desk, child), now, page.known_for)
    plan, systems = work.plans.of_child(desk.municipality, child), work.directory.systems()
    rows = work.decisions.about(desk.municipality, child, plan, page.size, _last(work, desk, page, child))
    subjects = [plan] if plan else []
    subjects += sorted({row.part for row in rows if row.part and not row.plan})
    deliveries = {row.id: row for subject in subjects for row in work.deliveries.of(desk.municipality, subject)}
    known = [(row, deliveries[row.delivery]) for row in rows if row.delivery in deliveries]
    versions = work.plans.version(sorted({_version(one) for _, one in known if one.plan}))
    seen = []
    for row, delivery in known:
        plan_then = versions.get(_version(delivery))
        receiver = systems[row.receiver].service if row.receiver in systems else row.receiver
        if row.whole:
            seen.append(Seen(row, delivery, receiver, plan_then.elements if plan_then else {}, row.whole))
    log = citizen_log(facts, reader, seen, now)
    return replace(log, next=rows[0].id) if len(rows) == page.size and not log.shut else log


def _last(work: Work, desk: Desk, page: Page, child: str) -> DecisionRow | None:
    row = work.decisions.find(desk.municipality, page.before) if page.before else None
    if page.before and (row is None or row.child != child):
        raise UnusableError("not_found", "no page of this log begins there", place="before", way_out="read from `next`")
    return row


def _version(delivery: Delivery) -> tuple[str, int]:
    return delivery.plan or "", delivery.plan_version or 0


def line_of(entry: Entry, language: Language) -> LogLine:
    """One entry, told."""
    ends = {"sender": service_name(entry.sender, language), "receiver": service_name(entry.receiver, language)}
    what = texts(language)["log"][entry.state].format(categories=listed(entry.categories, language), **ends)
    complaint = spoken(entry.complaint, language) if entry.complaint else None
    return LogLine(what[:1].upper() + what[1:], _why(entry, language), complaint)


def why_shut(log: CitizenLog | FamilyLog, language: Language) -> str:
    """Why a reader is not shown the log, and where to complain of that."""
    said = (rule_text(rule, language) for rule in log.shut)
    return " ".join([texts(language)["log"]["shut"], *said, spoken(way_of_shut(), language)])


def way_of_shut() -> Complaint:
    """Where one complains that the log is not shown: of the municipality itself."""
    return complaint_about(OFFICE)


def _why(entry: Entry, language: Language) -> str:
    """What opened it: consent, a provision, a person; or in the rules' words why it was kept back."""
    told = texts(language)["log"]
    if entry.state != "sent":
        return " ".join(dict.fromkeys(text for rule in entry.basis if (text := rule_text(rule, language))))
    if RELEASE in entry.basis:
        return str(told["release"])
    if entry.consents:
        return str(told["consent"])
    statutes = ", ".join(dict.fromkeys(one for rule in entry.basis for one in _provisions(rule, entry.at)))
    return str(told["basis"].format(statutes=statutes)) if statutes else ""


def _provisions(rule: str, at: datetime) -> list[str]:
    return [f"{acts()[str(one['act'])]['name']} {one['section']}" for one in of_rule(rule, norwegian_day(at))]
