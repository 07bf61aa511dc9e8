"""What may be told, in a small table of its own: nothing here knows `hub.policy`, and nothing there knows this."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
PARENTS = ("mother", "father")
KINDS: dict[str, tuple[str, frozenset[str]]] = {
    # what is said: whose secrecy it lies under, and what it is about
    "plain": ("education", frozenset({"education"})),
    "text": ("education", frozenset({"education", "sped"})),
    "place": ("education", frozenset({"education"})),
    "letter": ("education", frozenset({"education"})),
    "clinic": ("health", frozenset({"health", "mental_health"})),
    "home": ("child_welfare", frozenset({"care_situation"})),
}
WHO: list[tuple[str, int, int, str]] = [
    # secrecy, from age, to age: who must all have agreed
    ("education", 0, 14, "holders, and the child if it understands"),
    ("education", 15, 17, "the child"),
    ("education", 18, 99, "the child"),
    ("child_welfare", 0, 17, "holders, and the child if it understands"),
    ("child_welfare", 18, 99, "the child"),
    ("health", 0, 15, "holders"),
    ("health", 16, 99, "the child"),
]
ALL = frozenset({"education", "sped", "health", "mental_health", "care_situation"})
LESS = frozenset({"education", "health", "care_situation"})


@dataclass
class Known:
    """Everything that is so about the child now, as one would note it on a sheet of paper."""

    born: date
    confirmed_at: datetime
    limit: timedelta
    understands: bool | None = False
    care_order: bool = False
    protection: str = "none"
    block: bool = False
    deceased: bool = False
    answers: dict[str, frozenset[str] | None] = field(default_factory=dict)
    """By who gave it: what was agreed to; `None` is a no, and nobody who has withdrawn is here."""
    released: set[tuple[str, str]] = field(default_factory=set)
    """What a person has let through, in this wording, to this receiver."""

    def age(self, now: datetime) -> int:
        today = now.astimezone(OSLO).date()
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))

    def asked(self, secrecy: str, about: frozenset[str], now: datetime) -> tuple[list[str], bool]:
        """Who must have agreed, and whether nobody can be sure who that is."""
        age = self.age(now)
        (who,) = [row[3] for row in WHO if row[0] == secrecy and row[1] <= age <= row[2]]
        if who == "the child":
            return ["child"], False
        holders = ["child_welfare"] if self.care_order else list(PARENTS)
        if who == "holders":
            return holders, self.answers.get("child", ALL) is None and age >= 12
        able = self.understands or (self.understands is None and age >= 15)
        unsure = self.understands is None and age < 15 and not about <= (self.answers.get("child") or frozenset())
        return [*holders, "child"] if able else holders, unsure

    def may_be_told(self, said: str, receiver: str, now: datetime) -> bool:
        """Whether this may leave for this receiver at this instant. A release answers a doubt, never a no."""
        kind = said.split("-")[0]
        secrecy, about = KINDS[kind]
        if not self.confirmed_at - timedelta(seconds=10) <= now < self.confirmed_at + self.limit or self.block:
            return False
        who, unsure = self.asked(secrecy, about, now)
        covered = [self.answers.get(each) or frozenset() for each in who]
        if not all(about & each for each in covered):
            return False
        hidden = self.protection == "strictly_confidential"
        if kind == "place" and hidden:
            return False
        whole = all(about <= each for each in covered)
        if not whole and kind != "text":
            return False
        doubt = unsure or self.deceased or (kind == "text" and (hidden or not whole))
        return not doubt or (said, receiver) in self.released
