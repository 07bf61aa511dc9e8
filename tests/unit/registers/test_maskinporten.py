"""The register behind a token: the hub signs a grant, and the stand-in for Maskinporten believes it or does not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from hub.clock import SystemClock
from hub.errors import SetupError, TryAgainError
from hub.registers import open_population
from hub.sandbox.issuer import Issuer
from hub.sandbox.population import INTEGRATION, PASSWORD, ROLE, SCOPE, Population, Resident
from hub.sandbox.token_endpoint import Client, TokenEndpoint
from hub.sdk.credentials import GRANT, SignedGrant, credentials_of
from hub.security.identifiers import synthetic_number

BORN = date(2018, 1, 2)
CHILD = next(found for serial in range(500, 560) if (found := synthetic_number(BORN, serial)))
KEY, STRANGERS = (RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True) for _ in range(2))
PEM = KEY.as_pem(private=True).decode()
API = "https://api.fiks.langbenk.invalid"


@dataclass
class Fiks:
    """The register, who gives tokens for it, and the settings of a hub that asks."""

    issuer: Issuer
    tokens: TokenEndpoint
    register: Population
    told: dict[str, str]

    def ask(self, **settings: str) -> list[str]:
        (source,) = open_population({**self.told, **settings}).values()
        return [*source.persons([CHILD])]


@pytest.fixture
def fiks() -> Iterator[Fiks]:
    issuer = Issuer(SystemClock(), audience=API)
    client = Client("langbenk", "310000000", frozenset({SCOPE}), KEY)
    tokens = TokenEndpoint(issuer, SystemClock(), [client])
    register = Population([Resident(CHILD, BORN)], issuer.tokens())
    told = {
        "url": register.url, "roles": f"9999={ROLE}", "integration": INTEGRATION, "password": PASSWORD,
        "token_url": tokens.url, "client_id": "langbenk", "scope": SCOPE, "audience": issuer.issuer,
        "resource": API, "key": PEM, "kid": str(KEY.kid),
    }  # fmt: skip
    yield Fiks(issuer, tokens, register, told)
    tokens.close()
    register.close()


def test_a_signed_grant_opens_the_register_and_one_token_serves_many_questions(fiks: Fiks) -> None:
    (source,) = open_population(fiks.told).values()

    assert [*source.persons([CHILD])] == [CHILD]
    assert source.newest() == 0
    assert len(fiks.tokens.granted) == 1


def test_without_a_token_the_register_answers_nobody(fiks: Fiks) -> None:
    with pytest.raises(TryAgainError, match="answered 401"):
        fiks.ask(token_url="")


def test_a_token_that_has_been_revoked_is_fetched_anew(fiks: Fiks) -> None:
    (source,) = open_population(fiks.told).values()
    source.newest()
    fiks.issuer.rotate()
    fiks.issuer.rotate()
    fiks.register.tokens = fiks.issuer.tokens()

    assert [*source.persons([CHILD])] == [CHILD]
    assert len(fiks.tokens.granted) == 2


def test_a_register_that_believes_no_token_is_asked_twice_and_then_later(fiks: Fiks) -> None:
    fiks.register.tokens = Issuer(SystemClock(), audience=API).tokens()

    with pytest.raises(TryAgainError, match="answered 401"):
        fiks.ask()
    assert (len(fiks.register.asked), len(fiks.tokens.granted)) == (2, 2)


def test_a_token_is_not_used_up_to_its_last_second(fiks: Fiks) -> None:
    fiks.tokens.seconds = 20
    (source,) = open_population(fiks.told).values()
    source.newest()
    source.newest()

    assert len(fiks.tokens.granted) == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"key": STRANGERS.as_pem(private=True).decode()}, "invalid_grant"),
        ({"client_id": "somebody-else"}, "invalid_grant"),
        ({"audience": "https://another-issuer.invalid/"}, "invalid_grant"),
        ({"scope": "ks:everything"}, "invalid_scope"),
    ],
)
def test_a_grant_that_is_not_believed_waits_and_says_what_to_look_at(
    fiks: Fiks, wrong: Mapping[str, str], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(TryAgainError, match=code) as caught:
        fiks.ask(**wrong)

    said = f"{caught.value} {caught.value.__cause__} {caplog.text}"
    assert "clock" in str(caught.value)
    assert not any(secret in said for secret in ("PRIVATE", "eyJ", PASSWORD, CHILD))
    assert fiks.register.asked == []


def grant(fiks: Fiks, **said: Any) -> SignedGrant:
    made = credentials_of(fiks.told)
    assert isinstance(made, SignedGrant)
    return replace(made, **said)


def fetch(fiks: Fiks, form: Mapping[str, str]) -> tuple[int, Any]:
    answer = httpx.post(fiks.tokens.url, data=dict(form))
    return answer.status_code, answer.json()


def test_the_grant_says_what_maskinporten_asks_for_and_is_short_lived(fiks: Fiks) -> None:
    form = grant(fiks, consumer_org="310000001").form()
    told = jwt.decode(form["assertion"], KEY, algorithms=["RS256"])

    assert form.keys() == {"grant_type", "assertion"}
    assert form["grant_type"] == GRANT
    assert (told.header["alg"], told.header["kid"]) == ("RS256", KEY.kid)
    assert told.claims.keys() == {"aud", "iss", "scope", "iat", "exp", "jti", "resource", "consumer_org"}
    assert 0 < told.claims["exp"] - told.claims["iat"] <= 120


def test_a_token_for_another_names_it_as_consumer_and_us_as_supplier(fiks: Fiks) -> None:
    status, answer = fetch(fiks, grant(fiks, consumer_org="310000001").form())
    caller = fiks.issuer.tokens().verify(answer["access_token"])

    assert status == 200
    assert (caller.organisation, caller.supplier, caller.scopes) == ("310000001", "310000000", {SCOPE})


def test_a_grant_is_good_once(fiks: Fiks) -> None:
    form = grant(fiks).form()

    assert fetch(fiks, form)[0] == 200
    assert fetch(fiks, form) == (400, {"error": "invalid_grant", "error_description": "see the issuer's own log"})


@pytest.mark.parametrize(("ahead", "status"), [(9, 200), (-60, 200), (60, 400), (-300, 400)])
def test_a_clock_that_differs_a_little_does_no_harm(fiks: Fiks, ahead: int, status: int) -> None:
    now = SystemClock().now().timestamp() + ahead

    assert fetch(fiks, grant(fiks, now=lambda: now).form())[0] == status


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": "client_credentials"}, {"grant_type": GRANT, "assertion": "x.y.z"}]
)
def test_the_stand_in_gives_a_token_for_nothing_else(fiks: Fiks, form: Mapping[str, str]) -> None:
    assert fetch(fiks, form)[0] == 400
    assert fiks.tokens.granted == []


def _in_a_file(folder: Path) -> dict[str, str]:
    (folder / "client.pem").write_text(PEM)
    return {"key": "", "key_file": str(folder / "client.pem")}


@pytest.mark.parametrize(
    "given",
    [
        lambda _: {"key": PEM},
        lambda _: {"key": orjson.dumps(KEY.as_dict(private=True)).decode(), "kid": ""},
        _in_a_file,
    ],
)
def test_the_key_may_be_pem_or_jwk_in_a_setting_or_a_file(
    fiks: Fiks, given: Callable[[Path], dict[str, str]], tmp_path: Path
) -> None:
    assert fiks.ask(**given(tmp_path)) == [CHILD]


@pytest.mark.parametrize(
    "given",
    [
        {"key": "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"},
        {"key": KEY.as_pem(private=False).decode()},
        {"key": '{"kty":"oct","k":"c2VjcmV0"}'},
        {"key": "{"},
        {"kid": ""},
        {"key": "", "key_file": "/nowhere/client.pem"},
    ],
)
def test_a_key_that_cannot_sign_is_a_fault_of_the_set_up_and_is_not_repeated(
    fiks: Fiks, given: Mapping[str, str]
) -> None:
    with pytest.raises(SetupError, match="key") as caught:
        fiks.ask(**given)

    assert "c2VjcmV0" not in f"{caught.value}{caught.value.__cause__}"


def test_what_holds_the_key_does_not_show_it(fiks: Fiks) -> None:
    assert repr(grant(fiks)) == "SignedGrant(langbenk)"
