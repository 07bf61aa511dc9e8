"""The HTTP client: what it tries again, what it refuses, what it never says."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.sdk.credentials import ClientCredentials
from hub.sdk.http import HttpClient, connect

SECRET = "hemmelig-7f3a"


class Other:
    """The other side: answers from a list, the last answer for ever, and keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, credentials: ClientCredentials | None = None) -> HttpClient:
        transport = httpx.MockTransport(self)
        return HttpClient("https://fhir.example/r4", credentials, transport=transport, sleep=self.slept.append)


def answers(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers=headers, content=SECRET.encode())


def test_a_good_answer_is_given_as_it_is() -> None:
    other = Other(httpx.Response(200, content=b"yes"))

    answer = other.client().send("POST", "Bundle", body=b"{}", headers={"Idempotency-Key": "1"})

    assert (answer.status, answer.body) == (200, b"yes")
    assert str(other.asked[0].url) == "https://fhir.example/r4/Bundle"


def test_a_form_goes_in_the_body_and_never_in_the_address() -> None:
    other = Other(httpx.Response(200))

    other.client().send("POST", "CarePlan/_search", body={"subject": SECRET})

    assert SECRET in other.asked[0].content.decode()
    assert SECRET not in str(other.asked[0].url)


@pytest.mark.parametrize("trouble", [httpx.ConnectError("no"), httpx.ReadTimeout("slow"), answers(503), answers(429)])
def test_what_may_pass_is_tried_again(trouble: httpx.Response | Exception) -> None:
    other = Other(trouble, httpx.Response(200))

    answer = other.client().send("GET", "metadata")

    assert answer.status == 200
    assert len(other.asked) == 2


@pytest.mark.parametrize("trouble", [httpx.ConnectError(SECRET), answers(500)])
def test_what_does_not_pass_says_try_again_and_no_body(trouble: httpx.Response | Exception) -> None:
    other = Other(trouble)

    with pytest.raises(TryAgainError) as caught:
        other.client().send("GET", "metadata")

    assert SECRET not in str(caught.value)
    assert len(other.asked) == 3


def test_a_short_retry_after_is_waited_for() -> None:
    other = Other(answers(429, **{"Retry-After": "2"}), httpx.Response(200))

    other.client().send("GET", "metadata")

    assert other.slept == [2.0]


def test_a_long_retry_after_is_the_callers_to_wait_for() -> None:
    other = Other(answers(503, **{"Retry-After": "120"}))

    with pytest.raises(TryAgainError) as caught:
        other.client().send("GET", "metadata")

    assert caught.value.after == 120
    assert other.slept == []


def test_a_refusal_is_unusable_names_the_host_and_repeats_nothing() -> None:
    other = Other(answers(400))

    with pytest.raises(UnusableError) as caught:
        other.client().send("POST", "Bundle", body=SECRET.encode())

    assert caught.value.code == "http_400"
    assert "fhir.example" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_status_the_caller_accepts_is_an_answer() -> None:
    other = Other(answers(422))

    assert other.client().send("POST", "Bundle", accept={422}).status == 422


def test_wrong_credentials_wait_since_only_the_set_up_is_wrong() -> None:
    with pytest.raises(TryAgainError):
        Other(answers(403)).client().send("GET", "metadata")


def token(value: str, **more: object) -> httpx.Response:
    return httpx.Response(200, json={"access_token": value, **more})


def issuer(other: Other) -> ClientCredentials:
    return ClientCredentials("https://issuer.example/token", "langbenk", SECRET, "fhir.write")


def test_a_token_is_fetched_once_and_used_again() -> None:
    other = Other(token("t1", expires_in=600), httpx.Response(200))
    client = other.client(issuer(other))

    client.send("GET", "metadata")
    client.send("GET", "metadata")

    assert [str(asked.url.host) for asked in other.asked] == ["issuer.example", "fhir.example", "fhir.example"]
    assert other.asked[2].headers["Authorization"] == "Bearer t1"
    assert b"grant_type=client_credentials" in other.asked[0].content


def test_a_token_about_to_end_is_fetched_again() -> None:
    other = Other(token("t1", expires_in=10), httpx.Response(200), token("t2", expires_in=600), httpx.Response(200))
    client = other.client(issuer(other))

    client.send("GET", "metadata")
    client.send("GET", "metadata")

    assert other.asked[3].headers["Authorization"] == "Bearer t2"


def test_a_token_that_is_not_believed_is_replaced() -> None:
    other = Other(token("t1", expires_in=600), answers(401), token("t2", expires_in=600), httpx.Response(200))

    assert other.client(issuer(other)).send("GET", "metadata").status == 200
    assert other.asked[3].headers["Authorization"] == "Bearer t2"


@pytest.mark.parametrize("answer", [httpx.Response(200, content=b"<html>"), httpx.Response(200, json={}), answers(401)])
def test_an_issuer_that_gives_no_token_is_tried_later(answer: httpx.Response) -> None:
    other = Other(answer)

    with pytest.raises(TryAgainError) as caught:
        other.client(issuer(other)).send("GET", "metadata")

    assert SECRET not in f"{caught.value} {issuer(other)!r}"


@pytest.mark.parametrize("make", [lambda: HttpClient("fhir.example"), lambda: connect({})])
def test_an_address_that_is_none_is_a_fault_of_the_set_up(make: Callable[[], HttpClient]) -> None:
    with pytest.raises(SetupError):
        make()


def test_one_system_has_one_client() -> None:
    settings = {"url": "https://fhir.example/r4"}

    assert connect(settings) is connect(dict(settings))


def test_several_hundred_systems_keep_theirs() -> None:
    """In turn, as a worker comes to them: one that was forgotten is opened and asks for a token at each delivery."""
    systems = [{"url": f"https://fhir-{number}.example/r4"} for number in range(300)]
    first = [connect(settings) for settings in systems]

    assert [connect(settings) for settings in systems] == first


def test_the_trace_goes_along() -> None:
    other = Other(httpx.Response(200))
    span = NonRecordingSpan(SpanContext(1, 2, is_remote=False, trace_flags=TraceFlags(1)))

    with trace.use_span(span):
        other.client().send("GET", "metadata")

    assert other.asked[0].headers["traceparent"].startswith("00-00000000000000000000000000000001-")
