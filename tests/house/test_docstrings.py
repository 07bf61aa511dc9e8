"""Every module opens with a sentence; what others may use says what it is."""

from __future__ import annotations

import ast

from tests.house.house import ROOT, files, listed, name, public, tree

ENDS = (".", "?", "!")


def test_every_module_opens_with_a_sentence() -> None:
    silent = [
        name(path)
        for path in files("hub", "adapters", "tests")
        if path.stat().st_size and not _opening(tree(path)).endswith(ENDS)
    ]

    assert not silent, listed("these open without a sentence:", silent)


def test_every_package_of_ours_opens_with_a_sentence_too() -> None:
    silent = [
        name(path) for path in files("hub", "adapters", ending="__init__.py") if not _opening(tree(path)).endswith(ENDS)
    ]

    assert not silent, listed("these packages do not say what they are:", silent)


def test_every_public_name_that_others_build_on_says_what_it_is() -> None:
    rooms = [*files("hub/sdk", "hub/ports", "hub/model", "hub/conformance"), ROOT / "hub" / "errors.py"]
    silent = [
        f"{name(path)}: {where}"
        for path in rooms
        for where, node in public(tree(path))
        if not ast.get_docstring(node) and ".test_" not in where
    ]

    assert not silent, listed("these have no docstring:", silent)


def _opening(module: ast.Module) -> str:
    """The first paragraph of the docstring."""
    return (ast.get_docstring(module) or "").split("\n\n")[0].strip()
