"""Two children who differ only in what is withheld, and what may happen to both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

from hypothesis import strategies as st

from hub.model.service import System
from hub.sdk import Posted
from tests.journeys.systems import EVERYTHING, SYSTEMS, measure, nursery_plan, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY, CHILD_WELFARE = SYSTEMS["school"], SYSTEMS["kindergarten"], SYSTEMS["child_welfare"]
NAV = SYSTEMS["nav"]
OPEN = EVERYTHING - {"sped", "mental_health", "care_situation", "benefit"}
UUID = re.compile(rb"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
NAMES = (f"twin-{number}" for number in count())


@dataclass(frozen=True)
class Secret:
    """An element that nobody agreed to: with free text it waits for a person, without it is left out."""

    topic: str
    title: str
    text: str | None
    status: str

    def item(self) -> dict[str, Any]:
        told = measure("secret", self.title, topic=self.topic, status=self.status)
        return told if self.text is None else {**told, "text": self.text}


@dataclass(frozen=True)
class Say:
    """The school sends its whole document; `first` is how one twin's secret stands in it, `second` the other's."""

    visible: tuple[tuple[str, str], ...]
    first: Secret | None
    second: Secret | None


@dataclass(frozen=True)
class Whisper:
    """The school sends again with nothing changed but the secret; of the other twin it sends nothing at all."""

    secret: Secret | None


@dataclass(frozen=True)
class Murmur:
    """Child welfare, from whom nothing may go to the kindergarten, says something of one twin only."""

    title: str


@dataclass(frozen=True)
class Share:
    """What may go, of a service that may not be named: of one twin NAV says it, of the other child welfare."""

    title: str


@dataclass(frozen=True)
class Answer:
    """The kindergarten, who receives, says something itself."""

    title: str


@dataclass(frozen=True)
class Wait:
    """Time passes for both."""

    minutes: int


@dataclass(frozen=True)
class Fetch:
    acknowledged: bool


@dataclass(frozen=True)
class Agree:
    """The parents withdraw what they agreed to, or agree again; never to the secret."""

    on: bool


@dataclass(frozen=True)
class Protect:
    """The population register says how well the address is hidden, of both."""

    level: str


TOPICS = st.sampled_from(["special_education", "mental_health", "a topic no table knows"])
WORDS = st.sampled_from(["Reading alone", "Talks with Siri", "At the clinic"])
SECRETS = st.none() | st.builds(
    Secret, TOPICS, WORDS, st.none() | WORDS, st.sampled_from(["active", "completed", "proposed"])
)
VISIBLE = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["Quiet start", "Own seat", "A friend"]), max_size=3)
STEPS = st.lists(
    st.one_of(
        st.builds(Say, VISIBLE.map(lambda each: tuple(sorted(each.items()))), SECRETS, SECRETS),
        st.builds(Whisper, SECRETS),
        st.builds(Murmur, WORDS),
        st.builds(Share, WORDS),
        st.builds(Answer, WORDS),
        st.builds(Wait, st.integers(1, 5_000)),
        st.builds(Fetch, st.booleans()),
        st.builds(Agree, st.booleans()),
        st.builds(Protect, st.sampled_from(["none", "confidential", "strictly_confidential"])),
    ),
    min_size=2,
    max_size=10,
)
Step: TypeAlias = Say | Whisper | Murmur | Share | Answer | Wait | Fetch | Agree | Protect


class Twin:
    """One of two children who differ only in what is withheld."""

    def __init__(self, world: World, first: bool) -> None:
        self._world, self._first, self.name = world, first, next(NAMES)
        self._child = world.at_table(self.name, SCHOOL, NURSERY, CHILD_WELFARE, NAV, consent=False)
        self._consents: list[str] = []
        self._visible: tuple[tuple[str, str], ...] = ()
        self._secret: Secret | None = None
        self.stream: list[tuple[Any, ...]] = []
        self.take(Agree(True))

    def take(self, step: Step) -> None:
        match step:
            case Say(visible, first, second):
                self._visible, self._secret = visible, first if self._first else second
                self._send()
            case Whisper(secret) if self._first:
                self._secret = secret
                self._send()
            case Murmur(title) if self._first:
                self._world.tell(CHILD_WELFARE, plan_document(self.name, CHILD_WELFARE, title))
            case Share(title):
                self._share(title)
            case Answer(title):
                self._world.tell(NURSERY, nursery_plan(f"{self.name}@kindergarten-1", measures=[measure("k", title)]))
            case Fetch(acknowledged):
                self._fetch(acknowledged)
            case Agree(on):
                self._agree(on)
            case Protect(level):
                self._world.facts(self._child, protection=level)

    def _send(self) -> None:
        measures = [measure(key, title) for key, title in self._visible]
        measures += [self._secret.item()] if self._secret else []
        self._world.tell(SCHOOL, support_plan(f"{self.name}@school-1", status="active", measures=measures))

    def _share(self, title: str) -> None:
        """One twin's comes from NAV, the other's from child welfare, each with its own people, codes and case."""
        sender, who, code = (NAV, "Kari Testmo", "nav-42") if self._first else (CHILD_WELFARE, "Ola Prøve", "3.12")
        told = plan_document(self.name, sender, title)
        told["measures"][0] |= {"id": code, "categories": ["adaptation"], "responsible": who, "code": code}
        del told["measures"][0]["owner"]
        self._world.tell(sender, told, correlation_id=f"{who.split()[0]}-sak")

    def _fetch(self, acknowledged: bool) -> None:
        mine = [parcel for parcel in self._world.fetch(NURSERY) if self.name.encode() in parcel.body]
        for parcel in mine:
            left = parcel.expires_at and parcel.expires_at - self._world.hub.clock.now()
            self.stream.append((parcel.id, parcel.kind, parcel.version, parcel.correlation_id, left, parcel.body))
        self.stream.append(("fetched", len(mine)))
        if acknowledged:
            self._world.hub.mailbox.acknowledge(NURSERY, {parcel.id: Posted("delivered") for parcel in mine})

    def _agree(self, on: bool) -> None:
        if on and not self._consents:
            self._consents = self._world.consent(self._child, self.name, "mother", "father", categories=OPEN)
        elif not on and self._consents:
            self._world.withdraw(*self._consents)
            self._consents = []

    def seen(self) -> bytes:
        """Everything the kindergarten got of this child, with ids and the child's name normalised."""
        names: dict[bytes, bytes] = {}
        text = repr(self.stream).encode().replace(self.name.encode(), b"twin")
        return UUID.sub(lambda id: names.setdefault(id[0], b"id-%d" % len(names)), text)


def plan_document(name: str, sender: System, title: str) -> dict[str, Any]:
    told = {"id": "c", "owner": "child_welfare", "categories": ["care_situation"], "title": title, "status": "active"}
    notice = "Visningen kan være ufullstendig. This view may be incomplete."
    return {
        "schema": CHILD_WELFARE.document,
        "notice": notice,
        "child": {"id": f"{name}@{sender.id}"},
        "measures": [told],
    }
