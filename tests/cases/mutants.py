"""The rules, each broken in one place: a condition turned, a clause dropped, a limit moved, an effect left out."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from hub.policy import book as the_book
from hub.policy.book import Book
from hub.policy.rules import BOOK

FAMILIES = ("safety", "duties", "consent", "who_consents", "basis", "redaction", "coordination")

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
}
JOINED: dict[type[ast.operator], type[ast.operator]] = {
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Sub: ast.BitOr,
}


@dataclass(frozen=True)
class Mutant:
    """One change in one place: which rule or word of a family, what was done, and the book it makes."""

    name: str
    book: Book


def mutants(family: str) -> Iterator[Mutant]:
    """Every one of a family."""
    path = Path(str(import_module(f"hub.policy.rules.{family}").__file__))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for place, function in enumerate(tree.body):
        if isinstance(function, ast.FunctionDef):
            for told, changed in _changed(function):
                broken = ast.Module([*tree.body[:place], changed, *tree.body[place + 1 :]], [])
                yield Mutant(f"{function.name}: {told}", _entered(broken, path))


def _entered(tree: ast.Module, path: Path) -> Book:
    """The whole book with this family's rules from the changed source, in their old order."""
    kept, the_book.RULES = the_book.RULES, {}
    try:
        exec(compile(ast.fix_missing_locations(tree), str(path), "exec"), {"__name__": "mutant"})
        return Book({**BOOK.rules, **the_book.RULES})
    finally:
        the_book.RULES = kept


def _changed(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The function with each of its nodes changed, one at a time and in each way; its decorator stays."""
    count = sum(1 for _ in _nodes(function))
    for place in range(count):
        for way in range(4):
            made = copy.deepcopy(function)
            told = _change(list(_nodes(made))[place], way)
            if told:
                yield told, made


def _nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    for statement in function.body:
        yield from ast.walk(statement)


def _change(node: ast.AST, way: int) -> str | None:
    """Changes a node in place and says how, or does nothing when it has no such way."""
    before = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
    change = _WAYS.get(type(node))
    if change is None or not change(node, way):
        return None
    return f"{before} → {ast.unparse(node)}"


def _test(node: ast.If | ast.IfExp, way: int) -> bool:
    if way == 0:
        node.test = ast.UnaryOp(ast.Not(), node.test)
    return way == 0


def _clauses(node: ast.BoolOp, way: int) -> bool:
    if way == 3:
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return True
    if way >= len(node.values):
        return False
    node.values[way] = ast.Constant(isinstance(node.op, ast.And))
    return True


def _comparison(node: ast.Compare, way: int) -> bool:
    other = COMPARED.get(type(node.ops[0]))
    if way or other is None:
        return False
    node.ops[0] = other()
    return True


def _sets(node: ast.BinOp, way: int) -> bool:
    other = JOINED.get(type(node.op))
    if way == 0 and other is not None:
        node.op = other()
        return True
    return False


def _limit(node: ast.Constant, way: int) -> bool:
    if isinstance(node.value, bool) or not isinstance(node.value, int) or way > 1:
        return False
    node.value += 1 if way else -1
    return True


def _effects(node: ast.Call, way: int) -> bool:
    if not (isinstance(node.func, ast.Name) and node.func.id in ("Finding", "_answer") and way < len(node.keywords)):
        return False
    del node.keywords[way]
    return True


def _without_not(node: ast.UnaryOp, way: int) -> bool:
    if way or not isinstance(node.op, ast.Not):
        return False
    node.operand = ast.UnaryOp(ast.Not(), node.operand)
    return True


def _answered(node: ast.Return, way: int) -> bool:
    if way or node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None):
        return False
    node.value = ast.Constant(None)
    return True


_WAYS: dict[type[ast.AST], Callable[..., bool]] = {
    ast.If: _test,
    ast.IfExp: _test,
    ast.BoolOp: _clauses,
    ast.Compare: _comparison,
    ast.BinOp: _sets,
    ast.Constant: _limit,
    ast.Call: _effects,
    ast.UnaryOp: _without_not,
    ast.Return: _answered,
}
