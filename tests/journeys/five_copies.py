"""Five systems at one table in random steps, each with a copy of its own, and what must be so at rest.

They write, go offline, send late, twice and in another order; views reach them late, twice and in another order;
consents come and go, and who coordinates; proposals are decided. The clock stands still between the steps.
"""

from __future__ import annotations

from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from hub.model.change import Item
from hub.model.envelope import DELIVERY_ENDS, PART_ENDS
from hub.model.plan import Element, Kind
from hub.model.responsibility import Responsibility
from hub.ports import Proposal
from hub.routing.look import look
from hub.sync.keys import key_in
from hub.sync.version import carried
from tests.journeys.copies import Copy, Place
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.world import World

NAMES = (f"agree-{number}" for number in count())
OFFICES = sorted(SYSTEMS)
ABOUT = {each: frozenset({"plan_measure"}) for each in OFFICES} | {
    "child_welfare": frozenset({"care_situation"}),
    "nav": frozenset({"benefit"}),
}
"""What is said in a format that names it item by item."""
GIVERS = ("mother", "father")
KINDS: tuple[Kind, ...] = ("measure", "measure", "goal", "need")
LESS = frozenset({"education", "plan_goal", "plan_measure", "health"})
ROUNDS = 12
ANY = st.integers(0, 5)


class Table(RuleBasedStateMachine):
    """One child, five systems at its table, and everything that their people ever wrote."""

    world: World
    ended: set[str]
    """What became of what was written, over all examples: what shows that the machine has teeth."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.wordings = next(NAMES), count()
        self.child = self.world.child(self.name)
        self.copies = {
            each: Copy(self.world, SYSTEMS[each], f"{self.name}.{each}".replace("_", "-")) for each in OFFICES
        }
        for copy in self.copies.values():
            self.world.seat(self.name, copy.system, copy.key)
        self.records: dict[str, list[str]] = {}
        self.written: dict[str, tuple[str, Place]] = {}
        for giver in GIVERS:
            self.agrees(giver, "all")
        for who in OFFICES:
            self.something_new(who, "measure", True)
        for who in OFFICES:
            self.in_step(who)

    # ── what people write ───────────────────────────────────────────────────────────────────────────────────────────

    @rule(who=st.sampled_from(OFFICES), kind=st.sampled_from(KINDS), at_once=st.booleans())
    def something_new(self, who: str, kind: Kind, at_once: bool) -> None:
        place = (kind, f"own-{next(self.wordings)}")
        self._writes(who, place, Item({"title": "?", "status": "active"}, ABOUT[who]), at_once)

    @rule(who=st.sampled_from(OFFICES), at=ANY, at_once=st.booleans())
    def an_edit(self, who: str, at: int, at_once: bool) -> None:
        if place := self._one_of(who, at):
            self._writes(who, place, self.copies[who].holds()[place], at_once)

    @rule(who=st.sampled_from(OFFICES), at=ANY, at_once=st.booleans())
    def a_deletion(self, who: str, at: int, at_once: bool) -> None:
        place = self._one_of(who, at)
        if place and self.copies[who].can_delete(place[0]):
            self.copies[who].write(place, None)
            self._perhaps_sent(who, at_once)

    def _one_of(self, who: str, at: int) -> Place | None:
        """By what it is called: the keys that the hub gives are other ones in each run."""
        titles = {place: str(item.content.get("title")) for place, item in self.copies[who].holds().items()}
        held = sorted((titles[place], place) for place in titles if place[0] in KINDS)
        return held[at % len(held)][1] if held else None

    def _writes(self, who: str, place: Place, item: Item, at_once: bool) -> None:
        title = f"w{next(self.wordings)}x"
        self.copies[who].write(place, item._replace(content={**item.content, "title": title}))
        if self.copies[who].holds().get(place, item).content.get("title") == title:
            self.written[title] = (who, place)
        self._perhaps_sent(who, at_once)

    def _perhaps_sent(self, who: str, at_once: bool) -> None:
        if at_once and not self.copies[who].away:
            self.copies[who].send(-1)
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
        """A system that is well: it sends what waits, and takes all that there is."""
        copy = self.copies[who]
        copy.away = False
        while copy.outbox:
            copy.send()
        self.world.work()
        copy.fetch()
        while copy.arriving:
            copy.apply()

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
        if waiting := self._waiting():
            self.world.answer(waiting[at % len(waiting)], accepted=accepted)

    def _waiting(self) -> list[Proposal]:
        """In an order that is the same in every run: ids are not."""
        return sorted(self.world.proposals(self.name), key=lambda each: (each.system, str(each.element["content"])))

    # ── at rest ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def teardown(self) -> None:
        self.who_coordinates("municipal_health", False)
        for _ in range(ROUNDS):
            if not self._a_round():
                break
        else:
            raise AssertionError("they do not come to rest")
        self._all_agree()
        self._an_echo_is_no_news()
        self._nothing_is_lost()
        self._ledgers_add_up()

    def _a_round(self) -> bool:
        """Everybody sends what waits and what they hold, and takes what there is; whether anything was news."""
        before = self._state()
        for copy in self.copies.values():
            copy.away = False
            if copy.disordered:  # no hub can know; the nightly run tells it
                copy.save()
                copy.disordered = bool(copy.arriving)  # and once more when it has taken what is on its way to it
            while copy.outbox:
                copy.send()
                self.world.work()
        for copy in self.copies.values():
            copy.fetch()
            while copy.arriving:
                copy.apply()
        for number, proposal in enumerate(self._waiting()):
            self.world.answer(proposal, accepted=number % 2 == 0)
        return self._state() != before

    def _state(self) -> object:
        versions = {name: copy.version for name, copy in self.copies.items()}
        held = {name: copy.holds() for name, copy in self.copies.items()}
        return self.world.plan(self.name).version, versions, held, len(self.world.proposals(self.name))

    def _all_agree(self) -> None:
        """Each system holds what the plan says of each element that it may see."""
        plan = self.world.plan(self.name)
        with self.world.hub.store.begin() as work:
            facts = work.persons.facts([self.child])[self.child]
        for name, copy in self.copies.items():
            looked = look(plan, facts, copy.system, self.world.hub.registry, self.world.hub.clock.now())
            held = copy.holds()
            for element in looked.cut.elements:
                if element.kind in KINDS:
                    place = (element.kind, key_in(element, copy.system.id))
                    assert self._says(copy, held.get(place)) == self._said(copy, element), (name, element)

    def _an_echo_is_no_news(self) -> None:
        """Each sends back what it was brought: no version, no proposal, and nothing to deliver."""
        before = self._state()
        for name in OFFICES:
            self.copies[name].save()
            self.in_step(name)
        assert self._state() == before, self._waiting()

    def _says(self, copy: Copy, item: Item | None) -> object:
        return None if item is None else item.content.get("title")

    def _said(self, copy: Copy, element: Element) -> object:
        return None if element.deleted else carried(element.content, copy.lens.carries[element.kind]).get("title")

    def _nothing_is_lost(self) -> None:
        """Everything that was sent is in some version of the plan, or a proposal."""
        plan = self.world.plan(self.name)
        with self.world.hub.store.begin() as work:
            versions = work.plans.version((plan.id, number) for number in range(1, plan.version + 1))
            proposals = work.proposals.of(HOME, plan.id)
        in_plan = {str(e.content.get("title")) for each in versions.values() for e in each.elements.values()}
        proposed = {
            str(dict(each.element)["content"].get("title")) for each in proposals if dict(each.element)["content"]
        }
        for title, (who, place) in self.written.items():
            assert title in in_plan | proposed, f"{title} of {who} at {place} is lost"
            self.ended.add("plan" if title in in_plan else "proposal")

    def _ledgers_add_up(self) -> None:
        parts, deliveries = self.world.ledgers()
        assert parts.keys() <= PART_ENDS | {"held"}
        assert deliveries.keys() <= DELIVERY_ENDS | {"held"}
