"""Checks at the door: what an adapter says of itself, what it keeps, and how it refuses."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import orjson

from hub.conformance.subject import Subject, as_json
from hub.errors import SetupError, UnusableError
from hub.sdk import Adapter
from hub.security import identifiers

_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_KIND = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.v[0-9]+(\.[a-z0-9-]+)*\Z")
_NUMBER = re.compile(rb"(?<![0-9])[0-9]{11}(?![0-9])")
_IMPORT = """
import importlib, sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise SystemExit("the import makes a network call: " + event)
sys.addaudithook(watch)
importlib.import_module(sys.argv[1])
"""
_MARK = "marked-7f3a"
_BAD = (b"", b" ", b"{", b"null", b"[]", b'"text"', b"\xff\xfe\x00", b'{"a": NaN}', b"[" * 5000, b"<a", b"\x00" * 64)


def manifest_is_valid(subject: Subject) -> Iterator[str]:
    """The manifest says all a municipality must approve, each mapping loads, and importing makes no network call."""
    adapter = subject.adapter
    if not isinstance(adapter, Adapter):
        yield "lacks manifest, read or write"
        return
    manifest = adapter.manifest
    if not _NAME.match(manifest.name) or not manifest.title or not manifest.services or not subject.kinds():
        yield "manifest: name (a-z, 0-9, -), title, services and kinds must be there"
    yield from _kinds(subject)
    for name in manifest.carries.keys() - {kind.name for kind in subject.kinds()}:
        yield f"manifest.carries: {name} is neither read nor written"
    yield from _import(type(adapter).__module__)


def _kinds(subject: Subject) -> Iterator[str]:
    carries = subject.adapter.manifest.carries
    for kind in subject.kinds():
        if not _KIND.match(kind.name):
            yield f"manifest: {kind.name} is no message type; write no.<owner>.<protocol>.v<n>.<what>"
        try:
            lens = subject.lens(kind)
        except SetupError as error:
            yield f"manifest: {error}"
            continue
        if lens is None and not kind.directed:
            yield f"manifest: {kind.name} has no mapping; name one with lens='package:path'"
        if lens is not None and set(carries.get(kind.name, ())) != set(lens.carries):
            yield f"manifest.carries: {kind.name} must be what its mapping holds: {', '.join(sorted(lens.carries))}"


def _import(module: str) -> Iterator[str]:
    run = subprocess.run(
        [sys.executable, "-c", _IMPORT, module], capture_output=True, text=True, timeout=60, check=False
    )
    if run.returncode:
        yield f"import of {module}: {run.stderr.strip().splitlines()[-1]}"


def unknown_fields_are_kept(subject: Subject) -> Iterator[str]:
    """What the adapter does not know is kept or refused, never dropped in silence."""
    for name, kind, raw in subject.read_samples():
        if not subject.same(raw, subject.adapter.write(subject.adapter.read(raw, kind.name), kind.name)):
            yield f"{name}: write(read(document)) is not the document"
        document = as_json(raw)
        for marked in (_with_unknown(document, deep=False), _with_unknown(document, deep=True)) if document else ():
            body = orjson.dumps(marked)
            try:
                kept = subject.adapter.write(subject.adapter.read(body, kind.name), kind.name)
            except UnusableError:
                continue
            if not subject.same(body, kept):
                yield f"{name}: an unknown field is dropped in silence"


def _with_unknown(node: Any, *, deep: bool) -> Any:
    if isinstance(node, dict):
        inner = {key: _with_unknown(value, deep=deep) for key, value in node.items()} if deep else node
        return {**inner, "unknownToAll": {"kept": True}}
    return [_with_unknown(item, deep=deep) for item in node] if deep and isinstance(node, list) else node


def numbers_are_synthetic(subject: Subject) -> Iterator[str]:
    """Samples hold no national number that a living person could have."""
    for kind, raws in [*subject.samples.items(), *subject.bad.items()]:
        for number, raw in enumerate(raws, 1):
            for found in _NUMBER.finditer(raw):
                if identifiers.check("fnr", found.group().decode(), "test") == "real_number":
                    yield f"{kind} sample {number}, byte {found.start()}: could be a real number; add 80 to its month"


def bad_input_is_refused(subject: Subject) -> Iterator[str]:
    """Bytes that are no such document give `UnusableError` with a place, and no value is repeated."""
    for kind in subject.adapter.manifest.reads:
        for number, raw in enumerate((*_BAD, *subject.bad.get(kind.name, ())), 1):
            yield from _refusal(subject, f"{kind.name} bad input {number}", kind.name, raw, must=True)
    for name, kind, raw in subject.read_samples():
        yield from _refusal(subject, f"{name} broken off", kind.name, raw[: len(raw) // 2], must=True)
        for place, marked in _with_marks(as_json(raw)):
            yield from _refusal(subject, f"{name} marked at {place}", kind.name, orjson.dumps(marked), must=False)


def _refusal(subject: Subject, name: str, kind: str, raw: bytes, *, must: bool) -> Iterator[str]:
    lens = subject.lens_of(kind)
    try:
        document = subject.adapter.read(raw, kind)
        if lens is not None:
            for part in lens.parts(document):
                lens.get(part)
    except UnusableError as error:
        if not error.place or not error.code:
            yield f"{name}: the refusal has no place or no code"
        if _MARK in f"{error} {error.place} {error.way_out} {error.__cause__}":
            yield f"{name}: the refusal repeats a value"
    except Exception as error:  # whatever it is, it should have been an UnusableError
        yield f"{name}: {type(error).__name__} instead of UnusableError"
    else:
        if must:
            yield f"{name}: is read"


def _with_marks(document: Any) -> Iterator[tuple[str, Any]]:
    """The document with each value at its root, and each one step below, replaced by a marked one of another type."""
    if not isinstance(document, dict):
        return
    for key, value in document.items():
        yield key, {**document, key: {_MARK: _MARK}}
        yield key, {**document, key: [_MARK]}
        for inner in value if isinstance(value, dict) else ():
            yield f"{key}.{inner}", {**document, key: {**value, inner: [{_MARK: _MARK}]}}
            yield f"{key}.{inner}", {**document, key: {**value, inner: _MARK}}
