"""What may happen in a child's life and in its plan, drawn at random: plans of every service, consents, facts, time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product
from math import prod
from typing import Any, TypeAlias

from hypothesis import strategies as st

from hub.model.consent import Consent
from hub.model.person import Child, Guardian, Maturity
from hub.model.plan import Element
from hub.model.responsibility import Facts, Necessity
from hub.model.service import System
from hub.policy.services import client_relation, services
from tests.unit.routing.paper import HOME

NOW = datetime(2026, 9, 1, 10, tzinfo=UTC)
PLAN_DOCUMENT = "no.langbenk.plan.v1.document"
SUPPORT = "no.langbenk.{}.v1.support-plan"
OWNERS = sorted(services())
KINDS = {
    "goal": "description",
    "measure": "how",
    "participant": "unit",
    "meeting": "place",
    "note": "text",
    "need": "description",
}
CATEGORIES = (
    *("education", "health", "mental_health", "economy", "care_situation", "plan_measure", "address", "birth_date"),
    "unclassified",
)
STATUTES = ("fvl-13b-5", "hpl-25", "hpl-23", "bvl-13-1", "nav-8", "krl-5")


def system(service: str, adapter: str, document: str) -> System:
    return System(f"{service}-1", HOME, service, adapter, "client", "310000000", document=document)


RECEIVERS = [
    system("school", "school", SUPPORT.format("school")),
    system("kindergarten", "kindergarten", SUPPORT.format("kindergarten")),
    *(
        system(each, "child-welfare", PLAN_DOCUMENT)
        for each in ("child_welfare", "bup", "nav_social", "crisis_centre", "ppt")
    ),
    system("municipal_health", "health", "no.langbenk.health.v1.fhir-bundle"),
]


@dataclass(frozen=True)
class Say:
    """Some of the elements are said, in this wording."""

    which: frozenset[int]
    wording: int


@dataclass(frozen=True)
class Whisper:
    """One twin alone hears of an element in another wording; nothing comes of it but for what is withheld."""

    which: int
    wording: int


@dataclass(frozen=True)
class Take:
    which: int


@dataclass(frozen=True)
class Wait:
    hours: int


@dataclass(frozen=True)
class Change:
    """The registers, a parent or a coordinator have changed what is known."""

    child: tuple[tuple[str, Any], ...]
    consent: Consent | None
    necessity: Necessity | None


@dataclass(frozen=True)
class Fetch:
    acknowledged: bool


Step: TypeAlias = Say | Whisper | Take | Wait | Change | Fetch

SIZE = 6
SETS = [frozenset(each) for size in (1, 2) for each in combinations(CATEGORIES, size)]
CLOSED = [
    frozenset({each, *more}) for each in ("economy", "care_situation", "unclassified") for more in ((), ("education",))
]
"""Sets of categories that are seldom or never agreed to."""
ABOUT = [("child", None), ("child", None), ("child", None), ("parent", "p1"), ("sibling", "s1"), ("sibling", None)]
PEOPLE = {"p1": "mother", "p2": "father", "c1": "child", "cw": "child_welfare", "s1": "other"}
ALL_RECEIVERS = frozenset(each.service for each in RECEIVERS)
BIRTHS = [date(2018, 1, 2), date(2014, 9, 2), date(2011, 9, 2), date(2010, 9, 2), date(2008, 9, 2), None]
BROAD, SCHOOLING, HEALTH = (
    frozenset(CATEGORIES),
    frozenset({"education", "plan_measure"}),
    frozenset({"health", "economy"}),
)
FACTS: list[dict[str, Any]] = [
    *({"birth_date": each} for each in BIRTHS),
    *({"protection": each} for each in ("none", "confidential", "strictly_confidential")),
    *({name: on} for name in ("care_order", "authority_block", "opposes_health_disclosure") for on in (True, False)),
    *({"guardians": each} for each in ((), (Guardian("p1", "mother"),))),
    *({"as_of": each} for each in (NOW, NOW + timedelta(hours=20), NOW + timedelta(hours=48), None)),
    *({"maturity": each} for each in (None, Maturity(False, "nurse", date(2026, 1, 1), "q"))),
    {"deceased": True},
    {"residence": "0301"},
    {},
]


def choice(made: Callable[..., Any], *parts: Sequence[Any]) -> st.SearchStrategy[Any]:
    """One of all combinations, by one number: a draw of many small values would cost more than the test itself."""

    def decode(number: int) -> Any:
        picked = []
        for each in parts:
            number, place = divmod(number, len(each))
            picked.append(each[place])
        return made(*picked)

    return st.integers(0, prod(len(each) for each in parts) - 1).map(decode)


def _element(kind: Any, owner: str, categories: frozenset[str], about: Any, free_text: bool) -> Element:
    return Element("", kind, owner, categories, {}, about=about[0], person=about[1], free_text=free_text)


def _consent(person: str, own: bool, answer: Any, covers: frozenset[str], hours: tuple[int | None, ...]) -> Consent:
    since, until, withdrawn = (None if each is None else NOW + timedelta(hours=each) for each in hours)
    return Consent(
        f"k-{person}", "c1", person, PEOPLE[person], person if own else "c1", answer, ALL_RECEIVERS, covers,  # type: ignore[arg-type]
        frozenset({"coordination"}), HOME, valid_from=since, valid_to=until, withdrawn_at=withdrawn,
    )  # fmt: skip


def _change(facts: dict[str, Any], consent: Consent | None, necessity: Necessity | None) -> Change:
    return Change(tuple(facts.items()), consent, necessity)


YES_OR_NO = ("yes", "yes", "yes", "no")
PERIODS = list(product((None, -30, 5, 40), (None, 10, 60), (None, None, -1)))
elements = choice(_element, sorted(KINDS), OWNERS, SETS, ABOUT, (False, True))
closed = choice(_element, sorted(KINDS), OWNERS, CLOSED, ABOUT, (False, True))
consents = choice(_consent, sorted(PEOPLE), (False, False, True), YES_OR_NO, (BROAD, SCHOOLING, HEALTH), PERIODS)
necessities = choice(
    lambda sender, receiver, statute, why: Necessity(sender, receiver, statute, BROAD, why, "d1"),
    OWNERS, sorted(ALL_RECEIVERS), STATUTES, ("sender", "receiver_only"),
)  # fmt: skip
which = [frozenset(each) for size in range(1, SIZE + 1) for each in combinations(range(SIZE), size)]
steps = st.lists(
    st.one_of(
        choice(Say, which, range(3)),
        choice(Whisper, range(SIZE), range(3, 6)),
        choice(Take, range(SIZE)),
        choice(Wait, (1, 6, 15, 30)),
        st.builds(_change, st.sampled_from(FACTS), st.none() | consents, st.none() | necessities),
        choice(Fetch, (True, False)),
    ),
    min_size=3,
    max_size=9,
)


def known(given_: Sequence[Consent]) -> Facts:
    child = Child(
        "c1",
        HOME,
        birth_date=date(2018, 1, 2),
        guardians=(Guardian("p1", "mother"), Guardian("p2", "father")),
        maturity=Maturity(True, "nurse", date(2026, 1, 1), "q"),
        hearing=date(2026, 1, 1),
        as_of=NOW,
    )
    everybody = [
        Consent(f"all-{person}", "c1", person, PEOPLE[person], "c1", "yes", ALL_RECEIVERS,  # type: ignore[arg-type]
                BROAD - {"economy", "care_situation"}, frozenset({"coordination"}), HOME)
        for person in ("p1", "p2", "c1")
    ]  # fmt: skip
    return Facts(child, consents=(*everybody, *given_))


@dataclass(frozen=True)
class Secret:
    """How one element differs in the second twin: its marks, or that there is no such element."""

    there: bool
    categories: frozenset[str]
    free_text: bool


@dataclass(frozen=True)
class Pseudonym:
    """Whose an element is in the second twin, where neither twin's receiver may know, and what would tell."""

    owner: str
    who: str


secrets = choice(Secret, (True, True, False), [*CLOSED * 6, *SETS], (False, True))
pseudonyms = choice(Pseudonym, [each for each in OWNERS if client_relation(each)], ("Kari", "Ola", ""))
