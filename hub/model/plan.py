"""The shared plan (*individuell plan*): elements with four marks, content by FOR-2022-06-22-1110 § 9."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Value: TypeAlias = str | int | float | bool | list["Value"] | dict[str, "Value"] | None
Content: TypeAlias = Mapping[str, Value]

Kind = Literal[
    "frame",  # title, period, revision, language, coordinator status, how the child took part (§ 9 nr. 3, 7, 8, last)
    "identity",  # one fact about who the child is: name, birth date, address …
    "goal",  # § 9 nr. 1
    "resource",  # § 9 nr. 1: what the child and family are good at
    "need",  # § 9 nr. 1
    "participant",  # § 9 nr. 2 and 3: who takes part, who makes the plan, who coordinates
    "contribution",  # § 9 nr. 4
    "measure",  # § 9 nr. 5 and 6 (*tiltak*)
    "cooperation",  # § 9 nr. 10: necessary or wished-for cooperation
    "meeting",  # a meeting of those who take part
    "voice",  # the child's own goals and words; no service may edit them
    "note",  # anything said in free text
]
About = Literal["child", "parent", "sibling", "other"]

STRUCTURE: frozenset[Kind] = frozenset({"frame", "goal", "participant"})
"""Kinds that only the coordinator of record changes directly (`hub.policy.gate`); any other belongs to its owner."""

IDENTITY_FACTS: frozenset[str] = frozenset(
    {
        "place_of_birth",
        "birth_date",
        "national_id",
        "citizenship",
        "marital_status",
        "occupation",
        "residence",
        "workplace",
    }
)
"""The eight facts of extended secrecy (*utvidet taushetsplikt*): nav-loven § 7, sotjl § 44, bvl § 13-1, krl § 5."""

UNCLASSIFIED = "unclassified"
"""The category of what a code table does not know. No consent and no statute opens it."""

CATEGORIES: frozenset[str] = IDENTITY_FACTS | {
    *("plan_goal", "plan_measure", "identity", "address", "education", "attendance", "sped", "adaptation"),
    *("adaptation_notes", "wellbeing", "health", "mental_health", "sexual_health", "substance", "couple_therapy"),
    *("mother_health", "sibling_health", "care_situation", "violence", "danger_facts", "offence", "economy", "benefit"),
    *("allowance", "employment", "activity_plan", "programme", "case_status", "anonymous", "notice", UNCLASSIFIED),
    "vaccination",
}
"""The information categories a message may name. Decisions keep them in clear, so a sender's own word is not kept."""


def classified(words: Iterable[str]) -> frozenset[str]:
    """The categories a message names; `unclassified` stands for every word that is none."""
    return frozenset(word if word in CATEGORIES else UNCLASSIFIED for word in words)


@dataclass(frozen=True, slots=True)
class Element:
    """One thing in a plan, with the marks that policy reads: owner, categories, about, free text.

    `id` is stable for ever; `keys` maps a system's name to the key that system itself uses for the element and is never
    shown to another system. `person` is the opaque id of the person it is about where that is not the child.
    `labels` are the labels each system has said in its own documents, in order, each as the categories it names.
    `digest` names the value: it is set when the element is written and changes with content or marks.
    A deleted element keeps its marks and loses its content: a tombstone is forwarded under the same decision.
    """

    id: str
    kind: Kind
    owner: str
    categories: frozenset[str]
    content: Content
    about: About = "child"
    free_text: bool = False
    person: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    deleted: bool = False
    digest: str = ""
    labels: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a child's shared plan; versions count from 1, version 0 is the empty plan."""

    id: str
    municipality: str
    child: str
    version: int = 0
    elements: Mapping[str, Element] = field(default_factory=dict)
