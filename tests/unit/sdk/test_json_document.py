"""Bytes at the door: what is read, what is refused, and that no refusal repeats a value."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.sdk import UnusableError, canonical_json, read_json, write_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcæ", max_size=3), inner, max_size=4),
    max_leaves=12,
)

REFUSED = {
    "a key twice": (b'{"name": "Marked", "name": "Marked"}', "unreadable", "$"),
    "NaN": (b'{"a": NaN}', "unreadable", "$"),
    "a number out of range": (b'{"a": 1e999}', "unreadable", "$"),
    "more than 64 bits": (b'{"a": 123456789012345678901}', "unreadable", "$"),
    "not UTF-8": (b'"Marked\xff"', "unreadable", "byte 7"),
    "half a surrogate pair": (b'["Marked \\ud83d"]', "unreadable", "$"),
    "broken off": (b'{"name": "Marked', "unreadable", "line 1 column 10"),
    "nothing": (b"", "unreadable", "line 1 column 1"),
    "nested too deep": (b"[" * 65 + b"]" * 65, "too_large", "$"),
    "nested to exhaust the reader": (b'{"a":' * 200_000, "too_large", "$"),
}


@given(JSON)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    assert read_json(write_json(value)) == value


@given(JSON)
def test_two_writings_of_one_value_are_canonically_the_same(value: object) -> None:
    spaced = orjson.dumps(value, option=orjson.OPT_INDENT_2)

    assert canonical_json(read_json(spaced)) == canonical_json(value)


@pytest.mark.parametrize("what", REFUSED)
def test_what_two_readers_could_understand_apart_is_refused_with_a_place_and_no_value(what: str) -> None:
    raw, code, place = REFUSED[what]

    with pytest.raises(UnusableError) as refusal:
        read_json(raw)

    assert (refusal.value.code, refusal.value.place) == (code, place)
    assert "Marked" not in str(refusal.value)


def test_a_body_above_the_limit_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(UnusableError, match="more than 10 bytes"):
        read_json(b'["too long, and broken', max_bytes=10)


def test_a_byte_order_mark_is_read_over() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_a_wide_document_is_not_taken_for_a_deep_one() -> None:
    assert len(read_json(b"[" + b",".join([b"[]"] * 500) + b"]")) == 500


def test_what_is_no_json_value_cannot_be_written() -> None:
    with pytest.raises(UnusableError):
        write_json({"a": object()})
