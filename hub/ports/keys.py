"""Encryption at rest."""

from __future__ import annotations

from typing import Protocol


class Keys(Protocol):
    """Encryption at rest: a key per message, wrapped by a key per child, wrapped by the master key."""

    def new_child_key(self) -> bytes:
        """A fresh child key, wrapped by the current master key: what a person's row keeps."""

    def rewrap(self, child_key: bytes) -> bytes:
        """The same child key, wrapped by the current master key: how a master key rotates."""

    def seal(self, child_key: bytes, plain: bytes) -> bytes:
        """Compresses and encrypts under a new message key. `child_key` is the wrapped one."""

    def open(self, child_key: bytes, sealed: bytes) -> bytes:
        """Raises `UnusableError` where the key is not the one it was sealed with."""

    def fingerprint(self, *parts: str | bytes) -> bytes:
        """A keyed hash (32 bytes): finds a number or a body again without keeping it. Parts cannot run together."""
