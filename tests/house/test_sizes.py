"""Modules and functions have a size at which they can be read. An exception is named here, with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.house.house import Function, files, functions, listed, name, tree

MODULE, FUNCTION, PARAMETERS = 250, 35, 5

LONG_MODULES: Mapping[str, str] = {}
LONG_FUNCTIONS: Mapping[str, str] = {
    "hub/storage/migrations/versions/0001_first_tables.py:_messages_and_ledgers": "a list of tables as they were then",
    "hub/storage/migrations/what_waits.py:what_waits_and_what_was_done": "a list of tables",
}
MANY_PARAMETERS: Mapping[str, str] = {
    "hub/api/citizen.py:get_log": "FastAPI: each is a piece of the request",
    "hub/api/persons.py:put_person": "FastAPI: each is a piece of the request",
    "hub/cli/audit.py:export": "typer: each is an option",
    "hub/cli/consents.py:consents_request": "typer: each is an option",
    "hub/cli/consents.py:consents_give": "typer: each is an option",
    "hub/cli/consents.py:consents_document": "typer: each is an option",
    "hub/cli/coordination.py:decide": "typer: each is an option",
    "hub/cli/coordination.py:appoint": "typer: each is an option",
    "hub/cli/coordination.py:end": "typer: each is an option",
    "hub/cli/coordination.py:refuse": "typer: each is an option",
    "hub/cli/family.py:say": "typer: each is an option",
    "hub/cli/family.py:take_back": "typer: each is an option",
    "hub/cli/family.py:ask": "typer: each is an option",
    "hub/cli/family.py:experience": "typer: each is an option",
    "hub/cli/data.py:translate": "typer: each is an option",
    "hub/cli/holds.py:holds_release": "typer: each is an option",
    "hub/cli/holds.py:holds_refuse": "typer: each is an option",
    "hub/cli/holds.py:holds_handover": "typer: each is an option",
    "hub/cli/tasks.py:tasks_answer": "typer: each is an option",
    "hub/broker/front.py:Front.__init__": "the parts it is made of; bootstrap hands them over",
    "hub/routing/deliver.py:Dispatch.__init__": "the parts it is made of, and two settings; bootstrap hands them over",
    "hub/routing/receive.py:Reception.__init__": "the parts it is made of; bootstrap hands them over",
    "tests/bench/timing.py:row": "the columns of a published result",
    "hub/policy/book.py:rule": "a decorator: all but the id are named where it is used",
    "hub/ops/enrol.py:link": "work and desk are every function's here; the rest is one link",
    "hub/policy/facts.py:directed": "the facts of one disclosure, as its case files have them",
    "hub/sync/merge.py:merge": "the three sides of the merge, and what the sender's format can say of them",
    "hub/policy/gate.py:gate": "two facts, and named marks of one change",
    "hub/policy/view.py:decide_view": "what is asked, and named marks of the receiver",
}
"""Function by file; a constructor of dataclasses is none of ours."""


def test_no_module_is_longer_than_one_can_read() -> None:
    long = [f"{where}: {lines} lines" for where, lines in _lines() if lines > MODULE and where not in LONG_MODULES]

    assert not long, listed(f"a module has at most {MODULE} lines; split it where a second word appears:", long)


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{where}: {_length(each)} lines"
        for where, each in _functions()
        if _length(each) > FUNCTION and where not in LONG_FUNCTIONS
    ]

    assert not long, listed(f"a function has at most {FUNCTION} lines:", long)


def test_no_function_takes_more_than_one_can_remember() -> None:
    many = [
        f"{where}: {_taken(each)} parameters"
        for where, each in _functions()
        if _taken(each) > PARAMETERS and where not in MANY_PARAMETERS
    ]

    assert not many, listed(f"a function takes at most {PARAMETERS} parameters:", many)


def test_an_exception_that_is_none_any_more_is_struck_off() -> None:
    lines = dict(_lines())
    sizes = dict(_functions())
    needless = [
        *(where for where in LONG_MODULES if lines.get(where, 0) <= MODULE),
        *(where for where in LONG_FUNCTIONS if where not in sizes or _length(sizes[where]) <= FUNCTION),
        *(where for where in MANY_PARAMETERS if where not in sizes or _taken(sizes[where]) <= PARAMETERS),
    ]

    assert not needless, listed("these keep the rules now; take them off the lists above:", needless)


def _lines() -> list[tuple[str, int]]:
    return [(name(path), _length_of(path)) for path in files("hub", "adapters", "tests")]


def _length_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _functions() -> list[tuple[str, Function]]:
    return [
        (f"{name(path)}:{where}", each)
        for path in files("hub", "adapters", "tests")
        for where, each in functions(tree(path))
    ]


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _taken(function: Function) -> int:
    """Of a test the parameters are its fixtures, and it may have as many as it needs."""
    if function.name.startswith("test_"):
        return 0
    taken = function.args
    names = [each.arg for each in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
    return len([each for each in names if each not in ("self", "cls")])
