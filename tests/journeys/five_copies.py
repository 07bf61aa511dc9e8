"""Five systems at one table in random steps, each with a copy of its own.

They write, go offline, send late, twice and in another order; views reach them late, twice and in another order;
consents come and go, and who coordinates; proposals are decided. What goes wrong at the hub is in `mishaps.py`.
"""

from __future__ import annotations

from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import rule

from hub.model.change import Item
from hub.model.plan import Kind
from hub.model.responsibility import Responsibility
from tests.journeys.at_rest import KINDS
from tests.journeys.copies import Copy, Place
from tests.journeys.mishaps import Mishaps
from tests.journeys.systems import SYSTEMS

NAMES = (f"agree-{number}" for number in count())
OFFICES = sorted(SYSTEMS)
ABOUT = {each: frozenset({"plan_measure"}) for each in OFFICES} | {
    "child_welfare": frozenset({"care_situation"}),
    "nav": frozenset({"benefit"}),
}
"""What is said in a format that names it item by item."""
GIVERS = ("mother", "father")
TELL = frozenset({"health", "nav", "school"})
"""Who says on which version of its view a document was written: a partial format can tell it in no other way."""
LESS = frozenset({"education", "plan_goal", "plan_measure", "health"})
APPLICANTS = SYSTEMS["nav"]
"""Whose other format is about a parent."""
ANY = st.integers(0, 5)


class Table(Mishaps):
    """One child, five systems at its table, and everything that their people ever wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.wordings = next(NAMES), count()
        self.child = self.world.child(self.name)
        self.copies = {
            each: Copy(self.world, SYSTEMS[each], self._key(each), self.world.plans[self.name], tells=each in TELL)
            for each in OFFICES
        }
        for copy in self.copies.values():
            about = f"{self.name}-mother" if copy.system.id == APPLICANTS.id else None
            self.world.seat(self.name, copy.system, copy.key, about=about)
        self.records: dict[str, list[str]] = {}
        self.cases = {}
        self.written = {}
        self.last = {}
        self.former: dict[tuple[str, Place], str] = {}
        for giver in GIVERS:
            self.agrees(giver, "all")
        for who in OFFICES:
            self.something_new(who, "measure", True)
        for who in OFFICES:
            self.in_step(who)

    def _key(self, who: str) -> str:
        return f"{self.name}.{who}".replace("_", "-")

    # ── what people write ───────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=st.sampled_from(OFFICES), kind=st.sampled_from(KINDS), at_once=st.booleans())
    def something_new(self, who: str, kind: Kind, at_once: bool) -> None:
        place = (kind, f"own-{next(self.wordings)}")
        self._writes(who, place, Item({"title": "?", "status": "active"}, ABOUT[who]), at_once)

    @rule(who=st.sampled_from(OFFICES), at=ANY, at_once=st.booleans())
    def an_edit(self, who: str, at: int, at_once: bool) -> None:
        if place := self._one_of(who, at):
            self._writes(who, place, self.copies[who].holds()[place], at_once)

    @rule(who=st.sampled_from(OFFICES), at=ANY, before=ANY)
    def an_edit_is_set_aside(self, who: str, at: int, before: int) -> None:
        self.an_edit(who, at, False)
        self.a_document_is_set_aside(who, before)

    @rule(who=st.sampled_from(OFFICES), at=ANY, at_once=st.booleans())
    def changed_back(self, who: str, at: int, at_once: bool) -> None:
        """To what it was called before."""
        place = self._one_of(who, at)
        former = self.former.get((who, place)) if place else None
        if place and former:
            self._writes(who, place, self.copies[who].holds()[place], at_once, former)

    @rule(who=st.sampled_from(OFFICES), at=ANY, at_once=st.booleans())
    def a_deletion(self, who: str, at: int, at_once: bool) -> None:
        place = self._one_of(who, at)
        if place and self.copies[who].can_delete(place[0]):
            self.copies[who].write(place, None)
            self.last[who, place] = None
            self._perhaps_sent(who, at_once)

    def _one_of(self, who: str, at: int) -> Place | None:
        """By what it is called: the keys that the hub gives are other ones in each run."""
        titles = {place: str(item.content.get("title")) for place, item in self.copies[who].holds().items()}
        held = sorted((titles[place], place) for place in titles if place[0] in KINDS)
        return held[at % len(held)][1] if held else None

    def _writes(self, who: str, place: Place, item: Item, at_once: bool, title: str = "") -> None:
        title = title or f"w{next(self.wordings)}x"
        self.former[who, place] = str(item.content.get("title"))
        self.copies[who].write(place, item._replace(content={**item.content, "title": title}))
        if self.copies[who].holds().get(place, item).content.get("title") == title:
            self.written[title] = (who, place)
            self.last[who, place] = title
        self._perhaps_sent(who, at_once)

    def _perhaps_sent(self, who: str, at_once: bool) -> None:
        if at_once and not self.copies[who].away:
            self.copies[who].send(-1)
            self.world.work()

    @rule(at=st.integers(0, 2), known=st.booleans())
    def a_history(self, at: int, known: bool) -> None:
        """NAV's other format, whole each time: what it no longer tells is gone, and of the plan it knows nothing."""
        title = f"w{next(self.wordings)}x"
        self.cases.pop(at, None)
        if known:
            self.cases[at] = title
            self.written[title] = ("nav", ("measure", f"sak/{at}"))
        self.told_again()
        self.world.work()

    # ── what the network does ───────────────────────────────────────────────────────────────────────────────────────

    @rule(who=st.sampled_from(OFFICES), away=st.booleans())
    def offline(self, who: str, away: bool) -> None:
        self.copies[who].away = away

    @rule(who=st.sampled_from(OFFICES), at=ANY)
    def a_letter_arrives(self, who: str, at: int) -> None:
        self.copies[who].send(at)
        self.world.work()

    @rule(who=st.sampled_from(OFFICES), at=ANY)
    def a_letter_arrives_again(self, who: str, at: int) -> None:
        self.world.work()
        before = self.world.plan(self.name).version
        self.copies[who].send_again(at)
        self.world.work()
        assert self.world.plan(self.name).version == before

    @rule(who=st.sampled_from(OFFICES))
    def fetched(self, who: str) -> None:
        if not self.copies[who].away:
            self.copies[who].fetch()

    @rule(who=st.sampled_from(OFFICES), at=ANY, acknowledged=st.booleans())
    def a_view_arrives(self, who: str, at: int, acknowledged: bool) -> None:
        self.copies[who].apply(at, acknowledged=acknowledged)

    @rule(who=st.sampled_from(OFFICES))
    def in_step(self, who: str) -> None:
        self.caught_up(who)

    @rule(who=st.sampled_from(OFFICES))
    def sent_as_it_stands(self, who: str) -> None:
        """The nightly run: the whole document, whether anything was written or not."""
        if not self.copies[who].away:
            self.copies[who].save()
            self._perhaps_sent(who, True)

    # ── what is agreed to, and decided ──────────────────────────────────────────────────────────────────────────────

    @rule(giver=st.sampled_from(GIVERS), to=st.sampled_from(["all", "all", "some", "nothing"]))
    def agrees(self, giver: str, to: str) -> None:
        self.world.withdraw(*self.records.pop(giver, ()))
        terms = {"categories": LESS} if to == "some" else {}
        if to != "nothing":
            self.records[giver] = self.world.consent(self.child, self.name, giver, **terms)
        self.world.hub.facts_changed(self.child)

    @rule(lead=st.sampled_from(["school", "municipal_health", "nav_social", None]), disputed=st.booleans())
    def who_coordinates(self, lead: str | None, disputed: bool) -> None:
        self.world.facts(self.child, responsibility=Responsibility(child_coordinator=lead, disputed=disputed))

    @rule(at=ANY, accepted=st.booleans())
    def a_proposal_is_decided(self, at: int, accepted: bool) -> None:
        if waiting := self.waiting():
            self.world.answer(waiting[at % len(waiting)], accepted=accepted)
