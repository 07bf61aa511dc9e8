"""`langbenk decision`: a kept decision in words, and whether it still stands."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.desk import Municipality, opened
from hub.cli.show import Json, as_json, console, table
from hub.ops.decisions import Shown, show_decision
from hub.policy.explain import Language, texts
from hub.routing.replay import Replayed

decision_app = typer.Typer(help="Kept decisions.", no_args_is_help=True)

Spoken = Annotated[Language, typer.Option("--language", "-l", help="nb, nn or en.")]


@decision_app.command("show")
def decision_show(id: str, language: Spoken = "nb", municipality: Municipality = "", json: Json = False) -> None:
    """Why it was sent, held or denied: every check, what it rests on, the law, and what would change it."""
    with opened(municipality) as (hub, desk), hub.store.begin() as work:
        found = show_decision(work, desk.municipality, id, language)
    if json:
        as_json(found)
        return
    _print(found)


def _print(found: Shown) -> None:
    words, label = found.words, texts(found.language)["label"]
    console.print(f"[bold]{words.outcome}[/]", highlight=False)
    ends = f"{label['sender']} {words.sender} {label['receiver']} {words.receiver}"
    console.print(f"{label['decision']} {found.id} · {ends} · {label['at']} {words.at}", highlight=False, markup=False)
    console.print(f"{label['policy']} {words.policy}", highlight=False, markup=False)
    checks = [
        (one.rule, one.result, f"{one.said or one.rule_text}", ", ".join(one.rests), one.about) for one in words.checks
    ]
    if words.elements:
        rows = [(one.answer, len(one.ids), ", ".join(one.rules), ", ".join(one.ids)) for one in words.elements]
        table(label["elements"], [label["result"], "", label["check"], label["elements"]], rows, "–")
    table("", [label[name] for name in ("check", "result", "says", "rests", "sender")], checks, "–")
    facts = [(one.name, one.value, one.source, one.at) for one in words.facts]
    table("", [label[name] for name in ("fact", "is", "source", "since")], facts, "–")
    for name, lines in (("removed", words.removed), ("statutes", words.statutes), ("ways", words.ways)):
        if lines:
            console.print(f"[bold]{label[name]}[/]: {'; '.join(lines)}", highlight=False)
    for line in words.complaints:
        console.print(f"[bold]{label['complaint']}[/]: {line}", highlight=False)


@decision_app.command("replay")
def decision_replay(id: str, language: Spoken = "nb", municipality: Municipality = "", json: Json = False) -> None:
    """Verifies the record by its hash (status 1: changed); under another policy, with today's answer beside it."""
    with opened(municipality) as (hub, desk):
        found = hub.replay.of(desk.municipality, id)
    if json:
        as_json(found)
    else:
        _print_replay(found, language)
    if not found.intact:
        raise typer.Exit(1)


def _print_replay(found: Replayed, language: Language) -> None:
    words = texts(language)["replay"]
    if not found.intact:
        console.print(f"[bold red]{words['forged']}[/]")
        return
    told = texts(language)
    outcomes = {code: said.format(removed=told["nothing"]) for code, said in told["outcome"].items()}
    sealed = words["in_the_chain" if found.in_the_chain else "in_no_chain"]
    console.print(words["kept"].format(sealed=sealed, then=f"[bold]{outcomes[found.then]}[/]"))
    console.print(words["changed_policy" if found.policy_changed else "same_policy"])
    if found.policy_changed and found.today is not None:
        console.print(words["today"].format(today=f"[bold]{outcomes[found.today.outcome]}[/]"))
        rows = [(id, then, now) for id, (then, now) in found.today.elements.items()]
        table(words["otherwise"], [words[name] for name in ("element", "then", "now")], rows, words["nothing"])
    for code in found.because if found.policy_changed else ():
        console.print(words["because"][code])


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(decision_app, name="decision")
