"""Cooperation agreements as data: which is in force, and what cannot be one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from hub.errors import SetupError
from hub.ops.agreements import agree, agreement_with, agreements_from
from hub.ops.enrol import Desk
from hub.ports import Store

ROW: dict[str, Any] = {
    "reference": "avtale-13",
    "municipality": "0001",
    "services": ["hospital", "bup"],
    "contact": "c-1",
}


def test_the_agreement_in_force_that_names_a_service_is_found(store: Store, desk: Desk) -> None:
    today = desk.clock.now().date()
    over = ROW | {"reference": "avtale-12", "valid_to": today}
    later = ROW | {"reference": "avtale-14", "valid_from": today + timedelta(days=2)}
    with store.begin() as work:
        agree(work, desk, agreements_from([over, later, ROW]))
    with store.begin() as work:
        found, none = agreement_with(work, desk, "bup"), agreement_with(work, desk, "dps")

    assert (found.reference if found else None, none) == ("avtale-13", None)


def test_another_municipalitys_agreement_is_not_found(store: Store, desk: Desk) -> None:
    with store.begin() as work:
        agree(work, desk, agreements_from([ROW | {"municipality": "0002"}]))
    with store.begin() as work:
        assert agreement_with(work, desk, "bup") is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"services": ["nobody"]}, "unknown service nobody"),
        ({"municipality": "301"}, "four digits"),
        ({"reference": "an agreement"}, "no spaces"),
        ({"contact": "14831850052"}, "nobody's number"),
        ({"valid_to": "soon"}, r"agreements\[0\]\.valid_to"),
        ({"more": 1}, "must hold"),
    ],
)
def test_what_cannot_be_an_agreement_is_named_with_its_place(change: dict[str, Any], named: str) -> None:
    with pytest.raises(SetupError, match=named):
        agreements_from([ROW | change])


def test_a_day_is_kept_as_a_day() -> None:
    (made,) = agreements_from([ROW | {"valid_from": date(2026, 1, 1)}])

    assert (made.stands(date(2025, 12, 31)), made.stands(date(2026, 1, 1))) == (False, True)
