"""Case files: many YAML documents in one file, each decided and compared with what it expects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from hub.errors import UnusableError
from hub.policy.book import Book
from hub.policy.case_format import LawCase, read_case
from hub.policy.decide import decide
from hub.policy.decision import Decision
from hub.policy.explain import Language, explanation, would_change
from hub.policy.rules import BOOK

NOT_YAML = (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What PyYAML raises: for a tag it knows with a value that does not fit (`!!int x`) the bare error of its reader."""


class _PlainLoader(yaml.SafeLoader):
    """YAML without dates: the format reads times as text. A key written twice is an error, not the last one."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        own = (key for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge")
        keys = [self.construct_object(key, deep=True) for key in own]
        twice = next((key for place, key in enumerate(keys) if key in keys[:place]), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(None, None, f"key {twice!r} stands twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_cases(path: Path) -> Iterator[LawCase]:
    """The cases of a file, in order. What is wrong is an `UnusableError` that names the file, the case and the key."""
    for place, document in enumerate(_documents(path), start=1):
        name = document.get("id") if isinstance(document, dict) else None
        named = str(name) if name else f"document {place}"
        try:
            yield read_case(document)
        except UnusableError as error:
            raise UnusableError(error.code, f"{path}: {named}: {error}", place=error.place) from error


def _documents(path: Path) -> list[Any]:
    """The YAML documents of a file, at least one; an empty one between two others is nothing."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableError("unreadable", f"{path}: cannot be read as a text file", place=str(path)) from error
    try:
        found = [one for one in yaml.load_all(text, _PlainLoader) if one is not None]
    except NOT_YAML as error:
        raise UnusableError("unreadable", f"{path}: not YAML: {error}", place=str(path)) from error
    if not found:
        raise UnusableError("unreadable", f"{path}: there is no case in it", place=str(path))
    return found


def result_of(case: LawCase, decision: Decision, language: Language = "en") -> dict[str, Any]:
    """One line of the answer, as the case format words it."""
    return {
        "id": case.id,
        "outcome": decision.outcome,
        "rules": list(decision.rules),
        "removed": sorted(decision.removed) if decision.outcome != "deny" else [],
        "explanation": explanation(decision, language),
        "statutes": [dict(one) for one in decision.statutes],
        "would_change_it": would_change(decision, language),
    }


def as_expected(case: LawCase, decision: Decision) -> bool:
    """Whether the outcome is the expected one and at least one of the expected rules was true."""
    if case.outcome is not None and decision.outcome != case.outcome:
        return False
    return not case.rules or not case.rules.isdisjoint(decision.rules)


def run_cases(path: str | Path, *, book: Book = BOOK, language: Language = "en") -> tuple[list[dict[str, Any]], bool]:
    """Decides every case of a file: the lines to print, and whether all came out as expected."""
    decided = [(case, decide(case.disclosure, book=book)) for case in read_cases(Path(path))]
    results = [result_of(case, decision, language) for case, decision in decided]
    return results, all(as_expected(case, decision) for case, decision in decided)
