"""The steps of a decision that weigh content: whose consent, which basis, category by category."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from hub.model.consent import Consent
from hub.model.plan import UNCLASSIFIED
from hub.policy.book import Book
from hub.policy.weighing import NO_BASIS, VACCINATION, Register, Weighing
from hub.policy.words import EMPTY, MISSING, STALE, Finding, Found

BLANKET = "ALL"


def read_records(w: Weighing, book: Book, consents: Iterable[Consent]) -> Register:
    """Step 4c, the records: what each consenter covers, covers in doubt, or refuses towards this receiver now."""
    records = tuple(consents)
    w.answers = tuple(one for one in records if one.answer != "no")
    w.refusals = tuple(one for one in records if one.answer == "no")
    found = w.consult("record", book.at("record", w)) if w.answers else []
    voided = {id for one in found for id in one.finding.voids}
    doubted = {id for one in found for id in one.finding.doubts}
    firm: dict[str, frozenset[str]] = {}
    doubt: dict[str, frozenset[str]] = {}
    for one in w.answers:
        if one.id not in voided:
            covered = doubt if one.id in doubted else firm
            covered[w.who(one)] = covered.get(w.who(one), EMPTY) | one.categories
    w.register = Register(firm, doubt, _refused(w, voided | doubted), w.answers, w.refusals)
    if doubted - voided:
        w.register = w.register._replace(doubters=_doubters(w, found, doubted - voided))
    return w.register


def _doubters(w: Weighing, found: Iterable[Found], doubted: Container[str]) -> Mapping[str, tuple[str, ...]]:
    """By category, the rules that doubt a record which would cover it: why it waits."""
    rules: dict[str, tuple[str, ...]] = {}
    for one in (one for one in w.answers if one.id in doubted):
        why = tuple(each.rule for each in found if one.id in each.finding.doubts)
        for category in one.categories:
            rules[category] = tuple(dict.fromkeys((*rules.get(category, ()), *why)))
    return rules


def _refused(w: Weighing, unsure: Container[str]) -> Mapping[str, frozenset[str]]:
    """What each person refuses this receiver. A refusal may be sweeping: nobody must name all he says no to."""
    refused: dict[str, frozenset[str]] = {}
    for one in w.refusals:
        home = one.municipality == w.disclosure.receiver.municipality
        named = w.names_sender(one) and (BLANKET in one.receivers or w.receiver in one.receivers)
        if home and named and w.in_force(one) and not w.withdrawn(one):
            what = w.categories if BLANKET in one.categories else one.categories
            refused[w.who(one)] = refused.get(w.who(one), EMPTY) | (what - _said_yes_since(w, one, unsure))
    return refused


def _said_yes_since(w: Weighing, refusal: Consent, unsure: Container[str]) -> frozenset[str]:
    """What the same person has firmly said yes to after the refusal: people may change their mind, step by step."""
    if refusal.answered_at is None:
        return EMPTY
    later = (
        one.categories
        for one in w.answers
        if one.id not in unsure and w.who(one) == w.who(refusal)
        if one.answered_at is not None and one.answered_at > refusal.answered_at
    )
    return EMPTY.union(*later)


def weigh(w: Weighing, book: Book) -> dict[str, str]:
    """Step 4: `open`, `hold` or `shut` for each category. The consent records have been read."""
    ask(w, book)
    third, refused, weighed = _together(w.consult("refusal", book.at("refusal", w)))
    w.consult("consent", book.at("consent", w))
    _, _, waits = _together([one for one in w.found if one.stage in ("asks", "consent")])
    if w.subject.deceased:
        waits = w.categories
    verdicts: dict[str, str] = {}
    for category in w.categories:
        if category in third:
            verdicts[category] = "open"
        elif category in refused:
            verdicts[category] = "shut"
        elif category in weighed:
            verdicts[category] = "hold"
        else:
            verdicts[category] = _consented(w, category, category in waits)
    _add_bases(w, book, verdicts)
    if UNCLASSIFIED in verdicts:
        verdicts[UNCLASSIFIED] = "shut"
    if not w.subject.confirmed:
        _wait_for_the_registers(w, verdicts)
    w.open = frozenset(c for c, verdict in verdicts.items() if verdict == "open")
    w.uncovered = frozenset(c for c, verdict in verdicts.items() if verdict == "shut")
    return verdicts


def _together(found: Iterable[Found]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """All that some findings open, shut and hold."""
    opens = shuts = holds = EMPTY
    for one in found:
        opens |= one.finding.opens
        shuts |= one.finding.shuts
        holds |= one.finding.holds
    return opens, shuts, holds


def ask(w: Weighing, book: Book) -> None:
    """Whose consent each category needs, and who the guardians are."""
    for one in w.consult("asks", book.at("asks", w)):
        for category in one.finding.opens:
            w.asked[category] = w.asked.get(category, EMPTY) | one.finding.asks
    if w.subject.age is None and not w.subject.unborn:
        w.found.append(Found(MISSING, "asks", Finding(holds=w.categories)))
    guardians = w.consult("guardians", book.at("guardians", w))
    w.guardians = EMPTY.union(*(one.finding.asks for one in guardians))
    w.any_parent = w.daily_care and bool(w.guardians)


def _consented(w: Weighing, category: str, waits: bool) -> str:
    """One category on the consent path, nobody having refused: a missing answer, then doubt, hearing, maturity."""
    asked = w.asked.get(category)
    if not asked:
        return "hold" if w.subject.age is None and not w.subject.unborn else "shut"
    if "guardians" in asked and not w.guardians:
        return "hold"
    answers = _answers(w, category, asked)
    if "none" in answers:
        return "shut"
    return "hold" if waits or "doubt" in answers else "open"


def _answers(w: Weighing, category: str, asked: frozenset[str]) -> set[str]:
    """How each person whose consent is needed has answered."""
    answers = {_answer(w, who, category) for who in asked if who != "guardians"}
    if "guardians" not in asked:
        return answers
    if w.any_parent and category not in VACCINATION:
        parents = {w.who(one) for one in w.answers if one.giver in ("mother", "father")}
        willing = {who for who in parents if category not in w.register.refused.get(who, EMPTY)}
        given = {_answer(w, who, category) for who in willing} or {"none"}
        return answers | {"firm" if "firm" in given else "doubt" if "doubt" in given else "none"}
    return answers | {_answer(w, who, category) for who in w.guardians}


def _answer(w: Weighing, who: str, category: str) -> str:
    if category in w.register.firm.get(who, EMPTY):
        return "firm"
    return "doubt" if category in w.register.doubt.get(who, EMPTY) else "none"


def _add_bases(w: Weighing, book: Book, verdicts: dict[str, str]) -> None:
    """Step 4d: a legal basis opens what consent did not, and beats its hold."""
    for basis in w.disclosure.bases or (NO_BASIS,):
        w.basis = basis
        opened, shut, held = _together(w.consult("basis", book.at("basis", w)))
        opens, holds = _within(basis.covers, opened - shut), _within(basis.covers, held - shut)
        if not opens and not holds:
            continue
        for category, verdict in verdicts.items():
            if category in opens:
                if verdict != "open":
                    w.by_basis.add(category)
                verdicts[category] = "open"
            elif category in holds and verdict == "shut":
                verdicts[category] = "hold"


def _wait_for_the_registers(w: Weighing, verdicts: dict[str, str]) -> None:
    """Whatever would open it: who decides and where nothing may be told rest on facts that may have changed since."""
    waits = frozenset(category for category, verdict in verdicts.items() if verdict == "open")
    if waits:
        w.found.append(Found(STALE, "basis", Finding(holds=waits)))
        verdicts.update(dict.fromkeys(waits, "hold"))


def _within(covers: frozenset[str] | None, categories: frozenset[str]) -> frozenset[str]:
    return categories if covers is None else categories & covers
