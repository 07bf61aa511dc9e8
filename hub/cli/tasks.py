"""`langbenk tasks`: what must be answered and by when, by ids and codes; answered with a word of the task's list."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, TypeVar

import typer

from hub.cli.desk import Municipality, Person, opened
from hub.cli.show import Json, as_json, console, table
from hub.errors import UnusableError
from hub.model.calendar import OSLO
from hub.model.task import Task
from hub.ops.hands import hand_of
from hub.ops.officials import Barred
from hub.ops.tasks import Reply, answer_task, tasks_of
from hub.policy.tasks import kinds

tasks_app = typer.Typer(help="What must be answered by a day.", no_args_is_help=True)
T = TypeVar("T")
COLUMNS = ["task", "what", "plan", "with", "went up to", "answers", "due"]
Why = Annotated[str, typer.Option("--reason", help="Why, where the answer needs it; no names, no health details.")]


@tasks_app.command("list")
def tasks_list(
    person: Person,
    plan: Annotated[str, typer.Option(help="Of one plan only.")] = "",
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """Open tasks as this person may see them, the first due first: what, to whom, until when, to whom it went up."""
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            answer = tasks_of(work, desk, hand_of(work, desk, person), plan or None)
        found = _allowed(answer)
    if json:
        as_json([_quiet(task) for task in found])
        return
    table("Tasks", COLUMNS, map(_row, found), "No task waits.")


@tasks_app.command("answer")
def tasks_answer(
    id: str,
    answer: Annotated[str, typer.Argument(help="A word of the task's list.")],
    person: Person,
    reason: Why = "",
    municipality: Municipality = "",
    json: Json = False,
) -> None:
    """Answers a task, once."""
    said = Reply(answer, reason or None)
    with opened(municipality) as (hub, desk):
        with hub.store.begin() as work:
            hand = hand_of(work, desk, person)
            given = hand if isinstance(hand, Barred) else answer_task(work, desk, hand, id, said)
        task = _allowed(given)
    as_json(_quiet(task)) if json else console.print(f"Answered {id}: {task.answer}.")


def add_to(app: typer.Typer) -> None:
    """Puts these commands on the command line."""
    app.add_typer(tasks_app, name="tasks")


def _row(task: Task) -> tuple[str | None, ...]:
    kind, due = kinds()[task.kind], task.due_at.astimezone(OSLO)
    answers = ", ".join(kind.answers)
    return (task.id, kind.en, task.plan, task.addressee, task.escalated_to, answers, f"{due:%Y-%m-%d %H:%M}")


def _quiet(task: Task) -> dict[str, Any]:
    """The task without what somebody wrote."""
    return {name: value for name, value in asdict(task).items() if name not in ("reason", "once")}


def _allowed(answer: T | Barred) -> T:
    if isinstance(answer, Barred):
        raise UnusableError(answer.code, answer.why, way_out=answer.way_out)
    return answer
