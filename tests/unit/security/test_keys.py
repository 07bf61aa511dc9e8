"""Encryption at rest: what is sealed opens with its own key only, rotates, and is found again by its fingerprint."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import SetupError, UnusableError
from hub.security.keys import EnvelopeKeys, load_keys, new_master_key

KEYS = EnvelopeKeys(b"m" * 32)
CHILD = KEYS.new_child_key()


@given(st.binary(max_size=5_000))
@settings(max_examples=50)
def test_what_was_sealed_opens_unchanged(plain: bytes) -> None:
    assert KEYS.open(CHILD, KEYS.seal(CHILD, plain)) == plain


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert KEYS.seal(CHILD, b"x") != KEYS.seal(CHILD, b"x")


def test_long_text_is_stored_short() -> None:
    assert len(KEYS.seal(CHILD, b'{"title": "a measure"}' * 400)) < 300


@pytest.mark.parametrize("place", [0, 5, 40, 80, -1])
def test_a_changed_byte_anywhere_is_noticed(place: int) -> None:
    sealed = bytearray(KEYS.seal(CHILD, b"a text of some length, to be sure"))
    sealed[place] ^= 1

    with pytest.raises(UnusableError) as refused:
        KEYS.open(CHILD, bytes(sealed))

    assert refused.value.code == "wrong_key"


@pytest.mark.parametrize("sealed", [b"", b"\x11", b"\x11" * 70])
def test_what_was_never_sealed_is_unusable(sealed: bytes) -> None:
    with pytest.raises(UnusableError):
        KEYS.open(CHILD, sealed)


def test_another_childs_key_opens_nothing() -> None:
    sealed = KEYS.seal(CHILD, b"x")

    with pytest.raises(UnusableError):
        KEYS.open(KEYS.new_child_key(), sealed)


def test_a_child_key_changed_on_the_disk_opens_nothing() -> None:
    sealed, changed = KEYS.seal(CHILD, b"x"), CHILD[:-1] + bytes([CHILD[-1] ^ 1])

    with pytest.raises(UnusableError):
        KEYS.open(changed, sealed)


def test_a_new_master_opens_what_the_former_wrapped_and_wraps_it_anew() -> None:
    newer = EnvelopeKeys(b"n" * 32, [b"m" * 32])
    sealed = KEYS.seal(CHILD, b"x")
    rewrapped = newer.rewrap(CHILD)
    alone = EnvelopeKeys(b"n" * 32)

    assert newer.open(CHILD, sealed) == newer.open(rewrapped, sealed) == alone.open(rewrapped, sealed) == b"x"
    assert newer.rewrap(rewrapped) == rewrapped


def test_a_missing_master_is_named_by_its_id_and_never_by_its_value() -> None:
    with pytest.raises(SetupError, match="LANGBENK_FORMER_MASTER_KEYS") as refused:
        EnvelopeKeys(b"n" * 32).open(CHILD, KEYS.seal(CHILD, b"x"))

    assert b"m".hex() * 4 not in str(refused.value)


def test_fingerprints_stay_the_same_while_masters_rotate() -> None:
    newer = EnvelopeKeys(b"n" * 32, [b"m" * 32])

    assert newer.fingerprint("number", "x") == KEYS.fingerprint("number", "x")
    assert EnvelopeKeys(b"o" * 32).fingerprint("number", "x") != KEYS.fingerprint("number", "x")
    assert len(KEYS.fingerprint("x")) == 32


@given(st.lists(st.text(max_size=5), max_size=3), st.lists(st.text(max_size=5), max_size=3))
@settings(max_examples=100)
def test_parts_of_a_fingerprint_cannot_run_together(one: list[str], other: list[str]) -> None:
    assert (KEYS.fingerprint(*one) == KEYS.fingerprint(*other)) == (one == other)


def test_a_made_master_key_can_be_set_with_former_ones() -> None:
    old, new = new_master_key(), new_master_key()
    child = load_keys(old).new_child_key()

    assert load_keys(new, f" {old} ,").rewrap(child) != child


@pytest.mark.parametrize("text", ["", "short", base64.b64encode(b"x" * 31).decode(), "ø" * 44])
def test_a_master_key_of_another_form_stops_the_hub_and_is_not_shown(text: str) -> None:
    with pytest.raises(SetupError, match="32 bytes") as refused:
        load_keys(text)

    assert not text or text not in str(refused.value)


def test_several_threads_may_seal_and_open_at_once() -> None:
    texts = [f"text {number}".encode() * 50 for number in range(200)]
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda text: KEYS.open(CHILD, KEYS.seal(CHILD, text)), texts))

    assert opened == texts
