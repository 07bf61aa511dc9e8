"""KS Fiks IO's words, without any broker."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.broker import fiks
from hub.errors import UnusableError
from hub.ports import Letter

ACCOUNT = "0b8d9a63-9c75-4bd8-8d4f-0c9f5f3f7a11"
KIND = "no.langbenk.school.v1.support-plan"
text = st.text(min_size=1, max_size=20)


def letter(**headers: str) -> Letter:
    return Letter(ACCOUNT, KIND, "m1", b"", headers)


@given(st.dictionaries(st.sampled_from([fiks.CLIENT_MESSAGE, fiks.CORRELATION, fiks.SENDER_NAME, fiks.REPLY_TO]), text))
def test_a_letters_headers_survive_the_wire(headers: dict[str, str]) -> None:
    sent = Letter(ACCOUNT, KIND, "m1", b"{}", headers)

    assert fiks.from_headers(fiks.to_headers(sent, ACCOUNT), b"{}") == sent


@given(
    st.dictionaries(st.text(max_size=10), st.one_of(st.none(), st.binary(), st.integers(), st.lists(st.text()), text))
)
def test_no_header_of_anybodys_invention_breaks_the_reading(headers: dict[str, object]) -> None:
    read = fiks.from_headers(headers)

    assert set(read.headers) <= {name for name in headers if name.startswith(fiks.CUSTOM)} | fiks._NAMED


def test_a_letter_without_its_words_is_read_with_empty_ones() -> None:
    assert fiks.from_headers({}) == Letter("", "", "", b"", {})


def test_ids_written_as_bytes_or_numbers_are_read() -> None:
    read = fiks.from_headers({"melding-id": b"m1", "type": KIND, "egendefinert-header.nummer": 7})

    assert (read.id, read.headers) == ("m1", {"egendefinert-header.nummer": "7"})


def test_replies_are_named_after_what_they_answer() -> None:
    assert fiks.received(KIND) == f"{KIND}.mottatt"
    assert fiks.receipt(KIND) == f"{KIND}.kvittering"


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        (KIND, "no.langbenk.school.v1.feilmelding.ikkefunnet"),
        (
            "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett",
            "no.ks.fiks.arkiv.v1.feilmelding.ikkefunnet",
        ),
        (
            "no.ks.fiks.bekymringsmelding.offentlig.v2",
            "no.ks.fiks.bekymringsmelding.offentlig.v2.feilmelding.ikkefunnet",
        ),
        ("", "no.langbenk.hub.v1.feilmelding.ikkefunnet"),
        ("anything; else", "no.langbenk.hub.v1.feilmelding.ikkefunnet"),
    ],
)
def test_an_error_reply_belongs_to_the_messages_protocol(type: str, expected: str) -> None:
    assert fiks.fault(type, "ikkefunnet") == expected


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        (f"{KIND}.mottatt", "received"),
        (f"{KIND}.kvittering", "receipt"),
        (f"{KIND}.resultat", "result"),
        ("no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel", "invalid"),
        ("no.ks.fik.arkiv.v1.feilmelding.ugyldigforespoersel", "invalid"),
        ("no.ks.fiks.arkiv.v1.feilmelding.serverfeil", "failed"),
        ("no.ks.fiks.arkiv.v1.feilmelding.ikkefunnet", "not_found"),
        ("no.ks.fiks.arkiv.v1.feilmelding.noe-nytt", "failed"),
        ("no.ks.fiks.kvittering.tidsavbrudd", "timed_out"),
        ("no.ks.fiks.kvittering.serverfeil.v1", "failed"),
        (KIND, None),
        ("", None),
    ],
)
def test_a_reply_is_known_by_its_type(type: str, expected: str | None) -> None:
    assert fiks.reply_kind(type) == expected


def test_an_answer_goes_back_within_the_same_dialogue() -> None:
    reply = fiks.answer(letter(**{fiks.CORRELATION: "c1", fiks.CLIENT_MESSAGE: "k1"}), fiks.received(KIND), b"{}")

    assert (reply.account, reply.type, reply.body) == (ACCOUNT, f"{KIND}.mottatt", b"{}")
    assert reply.headers == {fiks.REPLY_TO: "m1", fiks.REPLY_TO_TYPE: KIND, fiks.CORRELATION: "c1"}
    assert reply.id not in {"", "m1"}


def test_an_error_body_is_written_and_read() -> None:
    body = fiks.error_body("e1", "activities[2].status: an unknown code", "c1")

    assert orjson.loads(body) == {
        "errorId": "e1",
        "feilmelding": "activities[2].status: an unknown code",
        "correlationId": "c1",
    }
    assert fiks.read_error(body) == orjson.loads(body)
    assert fiks.read_error(fiks.error_body("e1", "x")) == {"errorId": "e1", "feilmelding": "x"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"errorId": "e"}', b'{"feilmelding": 3}', b"\xff"])
def test_an_error_body_that_is_none_is_unusable(body: bytes) -> None:
    with pytest.raises(UnusableError) as refused:
        fiks.read_error(body)

    assert refused.value.code == "unreadable"
