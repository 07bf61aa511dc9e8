"""Encryption at rest: a key per message, wrapped by a key per child, wrapped by the master key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import threading
from collections.abc import Sequence
from functools import lru_cache

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import SetupError, UnusableError

KEY = 32
NONCE = 12
WRAPPED = KEY + 16
CHILD = b"\x01"
"""First byte of a wrapped child key: format 1, `01 | master id (4) | nonce (12) | wrapped key (48)`."""
SEALED = b"\x11"
"""First byte of a sealed text: format 1, `11 | nonce (12) | wrapped message key (48) | text`."""
FRESH = bytes(NONCE)
"""A message key encrypts once, so its nonce may be constant and need not be kept."""


class EnvelopeKeys:
    """Keeps the port `Keys`. The first master key wraps; former ones still open what they wrapped.

    Erasing a wrapped child key makes everything of that child unreadable. Fingerprints rest on the oldest master key,
    since they must stay the same when the master rotates: the last of the former keys may never be dropped.
    """

    def __init__(self, master: bytes, former: Sequence[bytes] = ()) -> None:
        ring = (master, *former)
        if any(len(key) != KEY for key in ring):
            raise SetupError("a master key must be 32 bytes: make one with `langbenk key new`")
        self._current = _key_id(master)
        self._masters = {_key_id(key): AESGCM(key) for key in ring}
        self._index = hmac.digest(ring[-1], b"langbenk fingerprint 1", "sha256")
        self._child = lru_cache(maxsize=16_384)(self._unwrap)
        self._zstd = _Zstd()

    def new_child_key(self) -> bytes:
        return self._wrap(os.urandom(KEY))

    def rewrap(self, child_key: bytes) -> bytes:
        return child_key if child_key[1:5] == self._current else self._wrap(self._open_wrapped(child_key))

    def seal(self, child_key: bytes, plain: bytes) -> bytes:
        child = self._child(child_key)
        fresh = os.urandom(KEY + NONCE)
        message_key, nonce = fresh[:KEY], fresh[KEY:]
        wrapped = child.encrypt(nonce, message_key, SEALED)
        text = AESGCM(message_key).encrypt(FRESH, self._zstd.compressor.compress(plain), None)
        return b"".join((SEALED, nonce, wrapped, text))

    def open(self, child_key: bytes, sealed: bytes) -> bytes:
        child = self._child(child_key)
        start = 1 + NONCE + WRAPPED
        try:
            message_key = child.decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE : start], sealed[:1])
            text = AESGCM(message_key).decrypt(FRESH, sealed[start:], None)
        except (InvalidTag, ValueError) as error:
            raise _unreadable("text") from error
        return self._zstd.decompressor.decompress(text)

    def fingerprint(self, *parts: str | bytes) -> bytes:
        pieces: list[bytes] = []
        for part in parts:
            piece = part.encode() if isinstance(part, str) else part
            pieces += (len(piece).to_bytes(8, "big"), piece)
        return hmac.digest(self._index, b"".join(pieces), "sha256")

    def _wrap(self, plain: bytes) -> bytes:
        nonce, head = os.urandom(NONCE), CHILD + self._current
        return head + nonce + self._masters[self._current].encrypt(nonce, plain, head)

    def _unwrap(self, child_key: bytes) -> AESGCM:
        return AESGCM(self._open_wrapped(child_key))

    def _open_wrapped(self, child_key: bytes) -> bytes:
        head, nonce, wrapped = child_key[:5], child_key[5 : 5 + NONCE], child_key[5 + NONCE :]
        master = self._masters.get(head[1:])
        if master is None:
            name = head[1:].hex()
            raise SetupError(
                f"master key {name} is missing: keep it in LANGBENK_FORMER_MASTER_KEYS until all is rewrapped"
            )
        try:
            return master.decrypt(nonce, wrapped, head)
        except (InvalidTag, ValueError) as error:
            raise _unreadable("child key") from error


def load_keys(master: str, former: str = "") -> EnvelopeKeys:
    """From settings: base64 of 32 bytes, and former ones with a comma between, newest first."""
    return EnvelopeKeys(_decoded(master), [_decoded(key) for key in former.split(",") if key.strip()])


def new_master_key() -> str:
    """A fresh master key as settings want it."""
    return base64.b64encode(os.urandom(KEY)).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SetupError("a master key must be base64 of 32 bytes: make one with `langbenk key new`") from error


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"langbenk master key id" + key).digest()[:4]


def _unreadable(what: str) -> UnusableError:
    return UnusableError(
        "wrong_key", f"a sealed {what} cannot be opened with this key", way_out="check LANGBENK_MASTER_KEY"
    )


class _Zstd(threading.local):
    """A compressor may not be shared by threads."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=1)
        self.decompressor = zstandard.ZstdDecompressor()
