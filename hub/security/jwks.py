"""The issuer's public keys (JWKS) from a URL or a file, kept a while and read again when a new one appears."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from hub.errors import SetupError, TryAgainError

KEPT = 600.0
LEAST_BETWEEN = 5.0
LIMIT = 1_000_000


class _NoRedirect(HTTPRedirectHandler):
    """A key set that moves is a matter for the operator, not for the network."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class PublicKeys:
    """Keys as last read. A source that is away does not hurt while there are keys from before; thread-safe."""

    def __init__(self, read: Callable[[], bytes], *, tick: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._tick = tick
        self._keys: KeySet | None = None
        self._read_at = float("-inf")
        self._tried_at = float("-inf")
        self._lock = threading.Lock()

    def current(self, *, fresh: bool = False) -> KeySet:
        """The key set; with `fresh` read again, though never more often than every few seconds."""
        with self._lock:
            now = self._tick()
            wanted = fresh or self._keys is None or now - self._read_at > KEPT
            if wanted and now - self._tried_at >= LEAST_BETWEEN:
                self._tried_at = now
                self._refresh(now)
            if self._keys is None:
                raise TryAgainError("the issuer's keys have not been read yet", after=LEAST_BETWEEN)
            return self._keys

    def may_be_new(self, token: str) -> bool:
        """Whether the token is signed by a key that is not among those read: the issuer may have rotated."""
        try:
            kid = extract_compact(token.encode()).headers().get("kid")
        except (JoseError, ValueError):
            return False
        keys = self._keys
        return keys is None or kid not in {key.kid for key in keys.keys}

    def _refresh(self, now: float) -> None:
        try:
            found = KeySet.import_key_set(json.loads(self._read()))
            keys = KeySet([key for key in found.keys if key.key_type in ("RSA", "EC")])  # never a shared secret
        except (OSError, ValueError, KeyError, JoseError) as error:
            if self._keys is None:
                raise TryAgainError("the issuer's keys cannot be read", after=LEAST_BETWEEN) from error
            return
        self._keys, self._read_at = keys, now


def public_keys(source: str) -> PublicKeys:
    """Keys from an https URL (http on this machine only) or a file. `SetupError` for anything else."""
    parts = urlsplit(source)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        return PublicKeys(lambda: _fetch(source))
    path = Path(source.removeprefix("file://"))
    if parts.scheme not in ("", "file") or not path.is_file():
        raise SetupError("LANGBENK_JWKS must be an https URL or a file that exists")
    return PublicKeys(path.read_bytes)


def _fetch(url: str) -> bytes:
    with build_opener(_NoRedirect).open(url, timeout=5) as answer:
        body: bytes = answer.read(LIMIT)
    return body
