"""The house's files, as its own rules look at them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("hub", "adapters", "mappings", "tests", "deploy")
WORDS = frozenset({".py", ".md", ".yaml", ".yml", ".json", ".sh", ".toml", ".txt", ".cfg", ".ini"})
"""Endings of files that people read."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Named = ast.ClassDef | Function


def files(*rooms: str, ending: str = ".py") -> list[Path]:
    """Files of these rooms, in order."""
    found = (path for room in rooms for path in sorted((ROOT / room).rglob(f"*{ending}")))
    return [path for path in found if "__pycache__" not in path.parts]


def texts() -> list[Path]:
    """Every file with words in it, at the top and in the rooms."""
    top = [path for path in sorted(ROOT.iterdir()) if path.is_file()]
    below = [path for room in (*ROOMS, ".ci") for path in sorted((ROOT / room).rglob("*")) if path.is_file()]
    return [path for path in (*top, *below) if path.suffix in WORDS or path.name in ("Makefile", "run", "LICENSE")]


def readmes() -> list[Path]:
    """Every page of documentation."""
    return [*sorted(ROOT.glob("*.md")), *(path for room in ROOMS for path in files(room, ending=".md"))]


def name(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """The module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(module: ast.Module) -> Iterator[tuple[str, Function]]:
    """Every function with the classes it stands in, `Class.method`; nested ones too."""
    for where, node in _within(module.body, ""):
        if isinstance(node, Function):
            yield where, node


def public(module: ast.Module) -> Iterator[tuple[str, Named]]:
    """Classes, their methods and functions that do not begin with an underscore, and stand in no function."""
    for node in module.body:
        if isinstance(node, Named) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                methods = (each for each in node.body if isinstance(each, Function) and not each.name.startswith("_"))
                yield from ((f"{node.name}.{each.name}", each) for each in methods)


def listed(what: str, offenders: Iterable[str]) -> str:
    """What a failing rule says: the rule, and every offender on a line of its own."""
    return "\n  ".join([what, *offenders])


def _within(body: Iterable[ast.AST], before: str) -> Iterator[tuple[str, ast.AST]]:
    for node in body:
        inner = f"{before}{node.name}." if isinstance(node, Named) else before
        if isinstance(node, Named):
            yield f"{before}{node.name}", node
        yield from _within(ast.iter_child_nodes(node), inner)
