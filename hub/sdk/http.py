"""HTTP towards a sector system: retries, OAuth2 access tokens, trace context, and the hub's own errors."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlsplit

import httpx
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from hub.errors import SetupError, TryAgainError, UnusableError
from hub.sdk.credentials import Credentials, credentials_of

TRIES = 3
LONGEST_WAIT = 5.0
TOKEN_MARGIN = 30.0
SYSTEMS = 4_096
"""More than a hub has: a client that gave way to another's would be opened, with a new token, at each delivery."""

_BUSY = frozenset({408, 425, 429})
_TRACE = TraceContextTextMapPropagator()  # and no other: W3C baggage may hold anything
_SHUT_OUT = frozenset({401, 403})
_REFUSES_CLIENT = frozenset({400, 401, 403})
_CHECK_CLIENT = "check the system's client, its secret or key, its scope and this machine's clock"
_REASONS = frozenset(
    {"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type"}
    | {"invalid_scope", "invalid_target"}
)  # RFC 6749, § 5.2, and RFC 8707: nothing else that an issuer says is repeated


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system answered. `body` may be about a person: read it, never log it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """Calls one system. Thread-safe; keeps its connections and its token.

    A connection that fails, 5xx and 429 are tried again a few times, after `Retry-After` where it is short, and then
    raise `TryAgainError`; so do 401, after another token, and 403, since only the set-up is wrong and nothing need be
    lost. Any other status that the caller does not accept raises `UnusableError`. No error holds a body, a query or a
    form.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 10.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._host = urlsplit(url).netloc
        if urlsplit(url).scheme not in ("http", "https") or not self._host:
            raise SetupError("http: the system's setting `url` must be an http or https address")
        self._client = httpx.Client(
            base_url=url, timeout=timeout, transport=transport, follow_redirects=False, verify=_trusted()
        )
        self._token = _Token(credentials, self._client, self._host) if credentials else None
        self._retrying = Retrying(
            stop=stop_after_attempt(TRIES),
            retry=retry_if_exception_type(_Later),
            wait=_pause,
            sleep=sleep,
            reraise=True,
        )

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | Mapping[str, str] = b"",
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Answer:
        """Sends bytes, or a mapping as a form. Gives any 2xx answer and those statuses that `accept` names."""
        try:
            return self._retrying(self._once, method, path, body, dict(headers or {}), frozenset(accept))
        except _Later as error:
            raise TryAgainError(str(error), after=error.after) from error.__cause__

    def close(self) -> None:
        """Gives the connections back."""
        self._client.close()

    def _once(
        self, method: str, path: str, body: bytes | Mapping[str, str], headers: dict[str, str], accept: frozenset[int]
    ) -> Answer:
        _TRACE.inject(headers)
        token = self._token.value() if self._token else ""
        answer = self._asked(method, path, body, headers, token)
        if answer.status_code == 401 and self._token:
            answer = self._asked(method, path, body, headers, self._token.instead_of(token))  # it may be revoked
        if answer.is_success or answer.status_code in accept:
            return Answer(answer.status_code, answer.headers, answer.content)
        raise _refusal(self._host, answer)

    def _asked(
        self, method: str, path: str, body: bytes | Mapping[str, str], headers: Mapping[str, str], token: str
    ) -> httpx.Response:
        content, form = (body, None) if isinstance(body, bytes) else (None, dict(body))
        shown = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            return self._client.request(method, path, content=content, data=form, headers={**headers, **shown})
        except httpx.RequestError as error:
            raise _Later(f"{self._host}: {_kind(error)}") from error


class _Later(Exception):
    """Worth another try in this call; `after` is the pause that the other side asked for."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class _Token:
    """An access token, fetched when it is first needed and again shortly before it ends."""

    def __init__(self, credentials: Credentials, client: httpx.Client, host: str) -> None:
        self._credentials = credentials
        self._client = client
        self._host = host
        self._lock = threading.Lock()
        self._value = ""
        self._good_until = 0.0

    def value(self) -> str:
        with self._lock:
            if not self._value or time.monotonic() >= self._good_until:
                self._fetch()
            return self._value

    def instead_of(self, refused: str) -> str:
        """Another than the one that was refused; one thread fetches it for all."""
        with self._lock:
            if self._value == refused:
                self._fetch()
            return self._value

    def _fetch(self) -> None:
        known, where = self._credentials, f"{self._host}: token endpoint"
        basic = httpx.BasicAuth(*known.basic) if known.basic else httpx.Auth()
        try:
            answer = self._client.post(known.token_url, data=dict(known.form()), auth=basic)
        except httpx.RequestError as error:
            raise _Later(f"{where}: {_kind(error)}") from error
        if answer.status_code in _REFUSES_CLIENT:
            raise TryAgainError(f"{where}: answered {answer.status_code}{_reason(answer)}; {_CHECK_CLIENT}")
        if not answer.is_success:
            raise _refusal(where, answer)
        try:
            granted = answer.json()
            self._value = str(granted["access_token"])
            self._good_until = time.monotonic() + float(granted.get("expires_in", 60)) - TOKEN_MARGIN
        except (ValueError, KeyError, TypeError) as error:
            raise TryAgainError(f"{self._host}: token endpoint: no access token in the answer") from error


@cache
def _trusted() -> ssl.SSLContext:
    """Whom this machine trusts: read once, since it takes some fifty milliseconds and is the same for every system."""
    return httpx.create_ssl_context()


@lru_cache(maxsize=SYSTEMS)
def _connected(settings: tuple[tuple[str, str], ...]) -> HttpClient:
    known = dict(settings)
    if not known.get("url"):
        raise SetupError("http: the system has no setting `url`; give its address with `langbenk config apply`")
    return HttpClient(known["url"], credentials_of(known))


def connect(settings: Mapping[str, str]) -> HttpClient:
    """The client of the system with these settings (`url`, and those of `credentials_of`); kept."""
    return _connected(tuple(sorted(settings.items())))


def _refusal(host: str, answer: httpx.Response) -> Exception:
    status = answer.status_code
    if status in _BUSY or status >= 500:
        after = _retry_after(answer)
        if after is not None and after > LONGEST_WAIT:
            return TryAgainError(f"{host}: answered {status} and asks to wait", after=after)
        return _Later(f"{host}: answered {status}", after)
    if status in _SHUT_OUT:
        return TryAgainError(f"{host}: answered {status}; check the system's client, secret and scope")
    return UnusableError(f"http_{status}", f"{host}: answered {status}", way_out="see the system's own log for why")


def _reason(answer: httpx.Response) -> str:
    """The issuer's own code, where it is one of the standard's."""
    try:
        code = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f" ({code})" if code in _REASONS else ""


def _retry_after(answer: httpx.Response) -> float | None:
    value = answer.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = getattr(error, "after", None)
    return float(asked) if asked is not None else min(0.2 * 2 ** (state.attempt_number - 1), LONGEST_WAIT)


def _kind(error: httpx.RequestError) -> str:
    return "timed out" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
