"""City districts as data: which numbers are one, and who can be of one."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import SetupError
from hub.model.official import District
from hub.ops.districts import declare, districts_from, units_of
from hub.ops.enrol import Desk
from hub.ops.officials import authorise, must_have_authority, officials_from
from hub.ports import Store

ROW: dict[str, Any] = {"municipality": "0001", "number": "000101", "name": "Bydel Øst"}
PERSON: dict[str, Any] = {"person": "emp-1", "municipality": "0001", "roles": ["coordinator"], "district": "000101"}


def test_a_district_counts_once_somebody_is_of_its_unit(store: Store, desk: Desk) -> None:
    with store.begin() as work:
        declare(work, desk, districts_from([ROW]))
        before = units_of(work, desk)
        authorise(work, desk, officials_from([PERSON]))
        after = units_of(work, desk)
        authorise(work, desk, officials_from([PERSON | {"roles": []}]))
        gone = units_of(work, desk)
        kept = work.directory.districts("0001"), work.directory.districts("0002")

    assert [each.districts for each in (before, after, gone)] == [frozenset(), frozenset({"000101"}), frozenset()]
    assert kept == ([District("0001", "000101", "Bydel Øst")], [])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"number": "030101"}, r"districts\[0\]\.number: must be six digits"),
        ({"number": "0001"}, "six digits"),
        ({"number": "000100"}, "six digits"),
        ({"number": "000199"}, "six digits"),
        ({"municipality": "301"}, "four digits"),
        ({"more": 1}, "and nothing else"),
    ],
)
def test_what_is_no_district_is_named_with_its_place(change: dict[str, Any], named: str) -> None:
    with pytest.raises(SetupError, match=named):
        districts_from([ROW | change])


@pytest.mark.parametrize(
    ("change", "named"),
    [({"district": "030101"}, "own municipality"), ({"service": "school"}, "leave out service")],
)
def test_who_cannot_be_of_a_district_is_told_so(change: dict[str, Any], named: str) -> None:
    with pytest.raises(SetupError, match=named):
        officials_from([PERSON | change])


def test_a_district_alone_decides_for_no_municipality(store: Store, desk: Desk) -> None:
    with store.begin() as work:
        authorise(work, desk, officials_from([PERSON | {"roles": ["decision_authority"]}]))
        with pytest.raises(SetupError, match="nobody decides"):
            must_have_authority(work, desk)
