"""What must be so once everybody has sent what it had to send and taken what there was to take."""

from __future__ import annotations

from hypothesis.stateful import RuleBasedStateMachine

from hub.model.change import Item
from hub.model.envelope import DELIVERY_ENDS, PART_ENDS, Receipt
from hub.model.plan import Element, Kind
from hub.model.responsibility import Responsibility
from hub.ports import Proposal
from hub.routing.look import look
from hub.sync.keys import key_in
from hub.sync.version import carried
from tests.adapters import digisos
from tests.journeys.copies import Copy, Place
from tests.journeys.systems import HOME, SYSTEMS
from tests.journeys.world import World

KINDS: tuple[Kind, ...] = ("measure", "measure", "goal", "need")
ROUNDS = 12
APPLIED = {"type": "soknadsStatus", "hendelsestidspunkt": digisos.at(1), "status": "MOTTATT"}


class AtRest(RuleBasedStateMachine):
    """One child, five systems at its table, and everything that their people ever wrote."""

    world: World
    ended: set[str]
    """What became of what was written, over all examples: what shows that the machine has teeth."""
    name: str
    child: str
    copies: dict[str, Copy]
    written: dict[str, tuple[str, Place]]
    """Who wrote what where, by its title."""
    last: dict[tuple[str, Place], str | None]
    """What each last wrote where; nothing where it deleted it."""
    cases: dict[int, str]
    """What NAV's other format tells, by reference; nothing until it has told anything."""

    def teardown(self) -> None:
        self.world.facts(self.child, responsibility=Responsibility(child_coordinator="municipal_health"))
        for _ in range(ROUNDS):
            if not self._a_round():
                break
        else:
            raise AssertionError("they do not come to rest")
        self._all_agree()
        self._an_echo_is_no_news()
        self._nothing_is_lost()
        self._the_last_word_stands()
        self._every_proposer_is_told_once()
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
        for name, copy in self.copies.items():
            if copy.unsure:
                self.anew(name)
            copy.fetch()
            while copy.arriving:
                copy.apply()
        for number, proposal in enumerate(self.waiting()):
            self.world.answer(proposal, accepted=number % 2 == 0)
        return self._state() != before

    def _state(self) -> object:
        versions = {name: copy.version for name, copy in self.copies.items()}
        held = {name: copy.holds() for name, copy in self.copies.items()}
        return self.world.plan(self.name).version, versions, held, len(self.world.proposals(self.name))

    def caught_up(self, who: str) -> None:
        """A system that is well: it sends what waits, and takes all that there is."""
        copy = self.copies[who]
        copy.away = False
        while copy.outbox:
            copy.send()
        self.world.work()
        copy.fetch()
        while copy.arriving:
            copy.apply()

    def anew(self, who: str) -> None:
        """It asks for its whole view."""
        copy = self.copies[who]
        copy.unsure = False
        self.world.hub.lay_anew(copy.system, self.world.plans[self.name], copy.system.id)

    def told_again(self) -> None:
        """The history as it stands."""
        nav = self.copies["nav"]
        events = [digisos.case(2, "UNDER_BEHANDLING", str(at), tittel=title) for at, title in self.cases.items()]
        answer = self.world.send(nav.system, digisos.history(APPLIED, *events), digisos.KIND, child_key=nav.key)
        assert isinstance(answer, Receipt), answer

    def waiting(self) -> list[Proposal]:
        """In an order that is the same in every run: ids are not."""
        return sorted(self.world.proposals(self.name), key=lambda each: (each.system, str(each.element["content"])))

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
        for name in self.copies:
            self.copies[name].save()
            self.caught_up(name)
        if self.cases:
            self.told_again()
            self.caught_up("nav")
        assert self._state() == before, self.waiting()

    def _says(self, copy: Copy, item: Item | None) -> object:
        return None if item is None else item.content.get("title")

    def _said(self, copy: Copy, element: Element) -> object:
        return None if element.deleted else carried(element.content, copy.lens.carries[element.kind]).get("title")

    def _nothing_is_lost(self) -> None:
        """Everything that was sent is in some version of the plan, or a proposal, or lies aside with its reason."""
        plan = self.world.plan(self.name)
        with self.world.hub.store.begin() as work:
            versions = work.plans.version((plan.id, number) for number in range(1, plan.version + 1))
            proposals = work.proposals.of(HOME, plan.id)
            aside = work.ledger.find([each.id for each in work.ledger.of(HOME, plan.id) if each.state == "set_aside"])
        in_plan = {str(e.content.get("title")) for each in versions.values() for e in each.elements.values()}
        proposed = {
            str(dict(each.element)["content"].get("title")) for each in proposals if dict(each.element)["content"]
        }
        for title, (who, place) in self.written.items():
            kept = any(f'"{title}"'.encode() in (each.document or b"") for each in aside)
            assert kept or title in in_plan | proposed, f"{title} of {who} at {place} is lost"
            self.ended.add("plan" if title in in_plan else "proposal" if title in proposed else "aside")

    def _the_last_word_stands(self) -> None:
        """On a measure that its owner alone has written on, and whose letters came in the order they were written."""
        plan = self.world.plan(self.name)
        with self.world.hub.store.begin() as work:
            agreed = {each.element["id"] for each in work.proposals.of(HOME, plan.id) if each.state == "accepted"}
        for element in plan.elements.values():
            places = {name: ("measure", key_in(element, copy.system.id)) for name, copy in self.copies.items()}
            wrote = [name for name in self.copies if (name, places[name]) in self.last]
            owner = next((name for name in wrote if self.copies[name].system.service == element.owner), None)
            told_twice = element.keys.get(SYSTEMS["nav"].id, "").startswith("sak/")  # by NAV's other format, too
            if element.kind != "measure" or element.id in agreed or told_twice or not owner or wrote != [owner]:
                continue
            if not self.copies[owner].out_of_order:
                now = None if element.deleted else element.content.get("title")
                assert self.last[owner, places[owner]] == now, (owner, self.last[owner, places[owner]], element)

    def _every_proposer_is_told_once(self) -> None:
        plan = self.world.plan(self.name)
        with self.world.hub.store.begin() as work:
            decided = sorted(each.id for each in work.proposals.of(HOME, plan.id))
        assert sorted(id for copy in self.copies.values() for id in copy.answered) == decided

    def _ledgers_add_up(self) -> None:
        parts, deliveries = self.world.ledgers()
        assert parts.keys() <= PART_ENDS | {"held"}
        assert deliveries.keys() <= DELIVERY_ENDS | {"held"}
