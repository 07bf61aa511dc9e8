"""What a counterpart says in a whole story, as samples for the conformance kit; and the files of ../shared/samples."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import orjson
import pytest

from hub.conformance.subject import Samples
from hub.sdk.counterpart import Counterpart, SyntheticChild
from hub.security.identifiers import synthetic_number

SAMPLES = Path(os.environ.get("LANGBENK_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of ../shared are not here")


def child(word: str, name: str, born: date) -> SyntheticChild:
    number = next(found for serial in range(500, 999) if (found := synthetic_number(born, serial)))
    return SyntheticChild(word, name, number, born)


NORA = child("nora", "Nora Testbarn", date(2015, 6, 14))
OLE = child("ole", "Ole Áigi Prøvesen", date(2021, 3, 2))


def told_by(make: Callable[[Sequence[SyntheticChild]], Counterpart]) -> Samples:
    """Every document of a counterpart's story, by kind: the first of each child, and one a change."""
    counterpart = make([NORA, OLE])
    documents = [counterpart.first_document(person.id) for person in (NORA, OLE)]
    documents += [counterpart.change(NORA.id, what) for what in counterpart.changes]
    kinds = dict.fromkeys(kind for kind, _ in documents)
    return {kind: [body for each, body in documents if each == kind] for kind in kinds}


_MARKS = {"owner": "school", "categories": ["education"]}
SENT_BACK = orjson.dumps(
    {
        "schema": "no.langbenk.plan.v1.document",
        "notice": "Visningen kan være ufullstendig. This view may be incomplete.",
        "child": {"id": "own-1", "name": NORA.name},
        "plan": {
            "title": "Individuell plan",
            "status": "active",
            "owner": "municipal_health",
            "categories": ["plan_goal"],
        },
        "goals": [{"id": "g-1", **_MARKS, "title": "Trygg på skolen", "status": "active", "due": "2027-01-15"}],
        "measures": [
            {"id": "m-1", **_MARKS, "title": "Rolig start", "description": "Kjent voksen", "status": "active"}
        ],
    }
)
"""A plan document as a system that received it may send it back."""
