"""What can be asked of files: translate a document, check mappings, print schemas, decide cases, list adapters."""

from __future__ import annotations

from importlib.resources import files as package
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from hub.cli.show import Json, as_json, console, fail, table
from hub.errors import UnusableError
from hub.mapping.check import check
from hub.mapping.translate import to_change
from hub.model.plan import Plan
from hub.model.schema import plan_schema
from hub.model.wire import plan_from_json
from hub.policy.cases import run_cases
from hub.policy.explain import Language
from hub.policy.record_schema import decision_schema
from hub.registry import Registry, load_registry
from hub.routing.catalogue import Desk
from hub.sync import cut_view, portion_for

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]

Always = Annotated[bool, typer.Option("--json", help="Taken, as everywhere; the answer is JSON anyway.")]


def adapters(json: Json = False) -> None:
    """Installed adapters: what each reads, writes and can carry; a broken one with its reason."""
    found = load_registry().describe()
    if json:
        as_json(found)
        return
    table("Adapters", ["name", "state", "services", "reads", "writes", "tier or reason"], map(_row, found), "None.")


def _row(one: dict[str, Any]) -> tuple[object, ...]:
    services, why = ", ".join(one.get("services", [])), one.get("reason") or one.get("tier")
    return one["name"], one["state"], services, _lines(one.get("reads")), _lines(one.get("writes")), why


def translate(
    file: File,
    adapter: Annotated[str, typer.Option(help="An installed adapter: `langbenk adapters`.")],
    kind: Annotated[str, typer.Option(help="The document's kind, where the adapter reads several.")] = "",
    back: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A plan (JSON): print the system's document instead."),
    ] = None,
    base: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="With --back: the document to write into.")
    ] = None,
    json: Always = True,
) -> None:
    """What a document says of the plan, `{"change","unmapped"}`; or with --back, the document a plan becomes."""
    registry = load_registry()
    if back is not None:
        as_json_or_text(_written(registry, adapter, kind, back, base))
        return
    raw = file.read_bytes()
    desk = _reader(registry, adapter, kind, raw)
    if desk.lens is None:
        as_json({"change": None, "unmapped": [], "directed": True})
        return
    said = [to_change(desk.lens, part) for part in desk.read(raw)]
    as_json(said[0] if len(said) == 1 else {"parts": said})


def _reader(registry: Registry, adapter: str, kind: str, raw: bytes) -> Desk:
    """The desk of the named kind; without a name, the first of the adapter's kinds that can read the file."""
    found = registry.adapter(adapter)
    kinds = [each for each in found.manifest.reads if kind in ("", each.name)]
    if not kinds:
        raise UnusableError("unknown_kind", f"{adapter} reads no such kind", way_out="see `langbenk adapters --json`")
    problem: UnusableError | None = None
    for each in kinds:
        desk = Desk(found, each, registry.lens(adapter, each.name))
        try:
            desk.read(raw)
        except UnusableError as error:
            problem = problem or error
        else:
            return desk
    raise problem or UnusableError("unreadable", "no kind of the adapter reads the file")


def _written(registry: Registry, adapter: str, kind: str, plan_file: Path, base_file: Path | None) -> bytes:
    found = registry.adapter(adapter)
    wanted = [each for each in found.manifest.writes if not each.directed and kind in ("", each.name)]
    if not wanted:
        raise UnusableError("unknown_kind", f"{adapter} writes no such kind", way_out="see `langbenk adapters --json`")
    desk = Desk(found, wanted[0], registry.lens(adapter, wanted[0].name))
    if desk.lens is None:
        raise UnusableError("unknown_kind", "the kind has no mapping")
    plan = _plan(plan_file)
    cut = cut_view(plan, plan.elements, desk.carries)
    portion, grant = portion_for(cut, adapter, desk.carries)
    before = desk.read(base_file.read_bytes())[0] if base_file else None
    return desk.write(desk.lens.put(before, portion, grant))


def _plan(file: Path) -> Plan:
    try:
        return plan_from_json(orjson.loads(file.read_bytes()))
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise UnusableError("unreadable", "--back: no plan", way_out="see `langbenk schema plan`") from error


def decide(
    file: File,
    explain: Annotated[bool, typer.Option(help="Words for people instead of a line of JSON.")] = False,
    language: Annotated[Language, typer.Option("--language", "-l", help="Of the words: nb, nn or en.")] = "en",
    json: Always = True,
) -> None:
    """Decides every case of a file and compares with what it expects; exit status 1 when one differs."""
    results, good = run_cases(file, language=language)
    for result in results:
        if explain:
            console.print(f"[bold]{result['id']}[/] {result['outcome']}", highlight=False)
            told = [result["explanation"], *([f"→ {result['would_change_it']}"] if result["would_change_it"] else [])]
            console.print("\n".join(told), highlight=False, markup=False)
        else:
            as_json(result)
    if not good:
        fail("at least one case was not decided as it expects", 1)


schema_app = typer.Typer(help="Published schemas.", no_args_is_help=True)


@schema_app.command("plan")
def schema_plan(json: Always = True) -> None:
    """The JSON Schema of the shared plan."""
    console.print_json(orjson.dumps(plan_schema()).decode())


@schema_app.command("decision")
def schema_decision(json: Always = True) -> None:
    """The JSON Schema of the record kept of a decision."""
    console.print_json(orjson.dumps(decision_schema()).decode())


mapping_app = typer.Typer(help="Mappings between documents and the plan.", no_args_is_help=True)


@mapping_app.command("check")
def mapping_check(files: Annotated[list[Path] | None, typer.Argument()] = None, json: Json = False) -> None:
    """Holds mappings to their schema and laws; names file, row and reason. Exit status 1 when one is wrong."""
    problems: list[Any] = list(check(files or [_shipped()]))
    if json:
        as_json(problems)
    else:
        rows = [(each.file, each.row, each.reason) for each in problems]
        table("Mappings", ["file", "row", "reason"], rows, "All mappings are in order.")
    if problems:
        raise typer.Exit(1)


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    for command in (adapters, translate, decide):
        app.command()(command)
    app.add_typer(schema_app, name="schema")
    app.add_typer(mapping_app, name="mapping")


def as_json_or_text(body: bytes) -> None:
    """A document as its system would get it."""
    typer.echo(body.decode("utf-8", errors="replace"))


def _shipped() -> Path:
    """The folder of mappings that is installed with the hub."""
    return Path(str(next(iter(package("mappings").iterdir())))).parent


def _lines(names: list[str] | None) -> str:
    return "\n".join(names or [])
