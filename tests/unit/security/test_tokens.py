"""Access tokens: who may call, proved with a real issuer and real keys."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.model.service import System
from hub.sandbox.issuer import Issuer
from hub.security.jwks import PublicKeys, public_keys
from hub.security.tokens import READ, WRITE, Tokens, system_of

SCHOOL = System(
    id="school-1",
    municipality="0001",
    service="school",
    adapter="school",
    client_id="client-school",
    organisation="999888777",
    scopes=frozenset({WRITE, READ}),
)


@dataclass
class StandingClock:
    at: datetime = field(default_factory=lambda: datetime(2026, 9, 1, 12, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer(StandingClock())


def refused(tokens: Tokens, token: str) -> str:
    with pytest.raises(UnusableError) as caught:
        tokens.verify(token)
    assert caught.value.code == "invalid_token"
    return str(caught.value)


def test_a_good_token_says_who_calls_and_for_what(issuer: Issuer) -> None:
    caller = issuer.tokens().verify(issuer.token_for(SCHOOL))

    assert (caller.client_id, caller.organisation, caller.supplier) == ("client-school", "999888777", None)
    assert system_of(caller, {"school-1": SCHOOL}, WRITE) is SCHOOL


@pytest.mark.parametrize(
    ("claims", "named"),
    [
        ({"iss": "https://another.example/"}, "iss"),
        ({"aud": "https://another.example"}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": None}, "exp"),
        ({"seconds": -30}, "expired"),
        ({"consumer": None}, "consumer"),
        ({"pid": "x"}, "one person"),
        ({"nbf": 9_999_999_999}, "nbf"),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused_and_the_claim_is_named(
    issuer: Issuer, claims: dict[str, object], named: str
) -> None:
    token = issuer.mint("client-school", "999888777", [WRITE], **claims)

    assert named in refused(issuer.tokens(), token)


def test_a_token_without_a_client_is_refused(issuer: Issuer) -> None:
    assert "client_id" in refused(issuer.tokens(), issuer.mint("", "999888777", [WRITE]))


def test_a_token_signed_by_somebody_else_is_refused(issuer: Issuer) -> None:
    stranger = Issuer(StandingClock())

    assert "not signed" in refused(issuer.tokens(), stranger.token_for(SCHOOL))


@pytest.mark.parametrize("token", ["", "abc", "a.b.c", "æ.ø.å", "." * 20])
def test_what_is_no_token_is_refused(issuer: Issuer, token: str) -> None:
    assert "not signed" in refused(issuer.tokens(), token)


def test_a_token_signed_with_a_shared_secret_is_refused(issuer: Issuer) -> None:
    key = OctKey.generate_key(256, auto_kid=True)
    token = jwt.encode({"alg": "HS256", "kid": key.kid}, {"iss": issuer.issuer, "client_id": "x"}, key)

    assert "not signed" in refused(issuer.tokens(), token)


def test_a_new_key_of_the_issuer_is_found_when_it_is_first_used() -> None:
    issuer, tick = Issuer(StandingClock()), [0.0]
    tokens = Tokens(issuer.issuer, issuer.audience, PublicKeys(issuer.jwks, tick=lambda: tick[0]), StandingClock())
    old = issuer.token_for(SCHOOL)
    tokens.verify(old)
    issuer.rotate()
    tick[0] += 6
    tokens.verify(issuer.token_for(SCHOOL))

    assert tokens.verify(old).client_id == "client-school"


def test_keys_that_were_read_before_serve_while_the_issuer_is_away() -> None:
    issuer, tick, away = Issuer(StandingClock()), [0.0], [False]

    def read() -> bytes:
        if away[0]:
            raise OSError("no route")
        return issuer.jwks()

    tokens = Tokens(issuer.issuer, issuer.audience, PublicKeys(read, tick=lambda: tick[0]), StandingClock())
    tokens.verify(issuer.token_for(SCHOOL))
    away[0], tick[0] = True, 10_000.0

    assert tokens.verify(issuer.token_for(SCHOOL, seconds=90)).client_id == "client-school"


def test_without_any_keys_the_caller_is_asked_to_try_again() -> None:
    def away() -> bytes:
        raise OSError("no route")

    issuer = Issuer(StandingClock())
    tokens = Tokens(issuer.issuer, issuer.audience, PublicKeys(away), StandingClock())

    with pytest.raises(TryAgainError):
        tokens.verify(issuer.token_for(SCHOOL))


def test_a_token_is_remembered_until_it_expires_and_no_longer() -> None:
    clock = StandingClock()
    issuer = Issuer(clock)
    tokens, token = issuer.tokens(), issuer.token_for(SCHOOL, seconds=60)
    tokens.verify(token)
    known_before = tokens.known(token)
    clock.at += timedelta(seconds=61)

    assert known_before is not None
    assert tokens.known(token) is None


@pytest.mark.parametrize(
    ("registered", "scope", "code"),
    [
        ({}, "langbenk:control", "insufficient_scope"),
        ({"scopes": frozenset({READ})}, WRITE, "insufficient_scope"),
        ({"client_id": "client-nav"}, WRITE, "unknown_system"),
        ({"organisation": "111222333"}, WRITE, "unknown_system"),
        ({"supplier": "111222333"}, WRITE, "unknown_system"),
    ],
)
def test_only_what_the_registration_says_opens_the_door(
    issuer: Issuer, registered: dict[str, object], scope: str, code: str
) -> None:
    caller = issuer.tokens().verify(issuer.token_for(SCHOOL))
    systems = {"school-1": replace(SCHOOL, **registered)}  # type: ignore[arg-type]  # parametrised by field name

    with pytest.raises(UnusableError) as caught:
        system_of(caller, systems, scope)
    assert caught.value.code == code


def test_the_client_id_and_not_the_organisation_decides_who_calls(issuer: Issuer) -> None:
    nav = replace(SCHOOL, id="nav-1", service="nav_social", client_id="client-nav")
    caller = issuer.tokens().verify(issuer.token_for(nav))

    assert system_of(caller, {"school-1": SCHOOL, "nav-1": nav}, WRITE).id == "nav-1"


def test_a_supplier_acts_only_where_it_is_registered(issuer: Issuer) -> None:
    hosted = replace(SCHOOL, supplier="0192:111222333")
    caller = issuer.tokens().verify(issuer.token_for(hosted))

    assert system_of(caller, {"school-1": hosted}, READ) is hosted
    with pytest.raises(UnusableError):
        system_of(caller, {"school-1": SCHOOL}, READ)


def test_keys_come_from_a_file_or_over_https_only(tmp_path: Path, issuer: Issuer) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(issuer.jwks())

    assert len(public_keys(str(file)).current().keys) == 1
    for source in ("http://issuer.example/jwks", "ftp://issuer.example", str(tmp_path / "nowhere.json")):
        with pytest.raises(SetupError, match="LANGBENK_JWKS"):
            public_keys(source)
