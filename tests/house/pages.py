"""Pages of documentation, taken apart: blocks of code by language, links, and words set as code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.house import ROOT

_BLOCK = re.compile(r"^(```|~~~)(\w*)\n(.*?)^\1", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?:\.?[\w-]+/)*[\w.-]+\.(?:py|md|yaml|sh|toml|txt)|(?:\.?[\w-]+/)+[\w.-]+\.json")


@dataclass(frozen=True)
class Block:
    """A block of code on a page."""

    page: Path
    language: str
    text: str


def blocks(page: Path, *languages: str) -> list[Block]:
    """The page's blocks in these languages."""
    found = (Block(page, language, text) for _, language, text in _BLOCK.findall(page.read_text(encoding="utf-8")))
    return [block for block in found if block.language in languages]


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return _BLOCK.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Where the page points, on this disk."""
    return [link.split("#")[0] for link in _LINK.findall(prose(page)) if "://" not in link and not link.startswith("#")]


def code(page: Path) -> list[str]:
    """Words set as code, in the prose."""
    return _CODE.findall(prose(page))


def named_files(page: Path) -> list[str]:
    """Words set as code that look like a file of ours; a bare name in JSON may be anybody's."""
    return [word for word in code(page) if _FILE.fullmatch(word)]


def commands(block: Block) -> Iterator[list[str]]:
    """Each command of a shell block as words, without its comment."""
    for line in block.text.splitlines():
        if words := shlex.split(line, comments=True):
            yield words


def is_there(page: Path, file: str) -> bool:
    """Whether a file named on the page exists: beside the page, below it, or counted from a folder above it."""
    above = (folder for folder in (page.parent, *page.parents) if folder == ROOT or ROOT in folder.parents)
    return any((folder / file).exists() for folder in above) or any(page.parent.rglob(file))
