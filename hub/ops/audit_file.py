"""The file of an audit export: a zip with `decisions.jsonl`, `audit.jsonl`, and a manifest that has their digests.

Whoever has the file can verify it, without the hub and without any key: each line of the chain covers the one before
it, each decision has the hash that a line names. That it is the file the hub wrote its digest shows, which the chain
keeps.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import orjson

from hub.errors import UnusableError

FORMAT = "no.langbenk.audit-export.v1"
DECISIONS, LINES, MANIFEST = "decisions.jsonl", "audit.jsonl", "manifest.json"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was written: `digest` is SHA-256 of the manifest, which names the digests of all else."""

    told: Row
    digest: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How a file stands: its manifest, and each fault by its place; none where all of it holds together."""

    manifest: Manifest
    faults: tuple[str, ...]


def write(out: BinaryIO, told: Row, decisions: Iterable[Row], lines: Iterable[Row]) -> Manifest:
    """Row by row, the decisions first; nothing is kept in memory."""
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        files = {name: _written(archive, name, rows) for name, rows in ((DECISIONS, decisions), (LINES, lines))}
        whole = {"format": FORMAT, **told, "files": files}
        text = orjson.dumps(whole, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
        archive.writestr(MANIFEST, text)
    return Manifest(whole, sha256(text).hexdigest())


def verify(file: BinaryIO) -> Verified:
    """Reads all of it. `unreadable` where it is no audit export at all."""
    try:
        with ZipFile(file) as archive:
            text = archive.read(MANIFEST)
            told = orjson.loads(text)
            if told["format"] != FORMAT:
                raise UnusableError("unreadable", "it is an export of another form", place="format")
            return Verified(Manifest(told, sha256(text).hexdigest()), tuple(_faults(archive, told)))
    except (BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError, AttributeError) as error:
        way_out = "it must be the whole file that `langbenk audit export` wrote"
        raise UnusableError("unreadable", "it is no audit export, or broken", way_out=way_out) from error


def _written(archive: ZipFile, name: str, rows: Iterable[Row]) -> Row:
    count, digest = 0, sha256()
    with archive.open(name, "w", force_zip64=True) as file:
        for row in rows:
            line = orjson.dumps(row, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
            file.write(line)
            digest.update(line)
            count += 1
    return {"lines": count, "sha256": digest.hexdigest()}


def _faults(archive: ZipFile, told: Row) -> Iterator[str]:
    named = set[str]()
    for name in (DECISIONS, LINES):
        if _digest(archive, name) != told["files"][name]["sha256"]:
            yield f"{name}: not what the manifest names"
    yield from _broken_lines(_rows(archive, LINES), told["municipality"], named)
    for row in _rows(archive, DECISIONS):
        yield from _broken_decision(row, named)


def _broken_lines(rows: Iterator[Row], municipality: str, named: set[str]) -> Iterator[str]:
    """Each line's hash covers the one before it; of a line that is not handed over there is its hash alone. What the
    lines say was decided is `named`."""
    before: Row = {"chain": None}
    for row in rows:
        if row["chain"] == before["chain"]:
            place = f"{LINES}: chain {row['chain']}, line {row['number']}"
            yield from (f"{place}: {why}" for why in _broken_line(before, row, municipality))
            named.update(_decisions_of(row))
        before = row


def _broken_line(before: Row, row: Row, municipality: str) -> Iterator[str]:
    if row["number"] != before["number"] + 1:
        yield "a line is missing before it"
    if "entry" in row:
        entry = row["entry"].encode()
        if sha256(bytes.fromhex(before["hash"]) + entry).hexdigest() != row["hash"]:
            yield "it is not what was written"
        if orjson.loads(entry)[0] != municipality:
            yield "it is another municipality's"


def _broken_decision(row: Row, named: set[str]) -> Iterator[str]:
    """Record and grounds have their hashes, and the chain names this very record."""
    place = f"{DECISIONS}: {row['id']}"
    record, grounds = row["record"].encode(), row["grounds"].encode()
    if sha256(record).hexdigest() != row["hash"]:
        yield f"{place}: the record is not what was kept"
    if orjson.loads(record).get("grounds") != (sha256(grounds).hexdigest() if grounds else None):
        yield f"{place}: the grounds are not what was kept"
    if row["hash"] not in named:
        yield f"{place}: no line of the chain names it"


def _decisions_of(row: Row) -> list[str]:
    detail = orjson.loads(row["entry"])[5] if "entry" in row else {}
    one, many = detail.get("decision"), detail.get("decisions")
    return [each for each in (one, *(many if isinstance(many, list) else ())) if isinstance(each, str)]


def _rows(archive: ZipFile, name: str) -> Iterator[Row]:
    with archive.open(name) as file:
        yield from (orjson.loads(line) for line in file)


def _digest(archive: ZipFile, name: str) -> str:
    digest = sha256()
    with archive.open(name) as file:
        for line in file:
            digest.update(line)
    return digest.hexdigest()
