"""Tasks over HTTP: what a service or the municipality must answer, by ids and codes; answered with a word of a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from hub.api.acting import Acting, Person, allowed, hand
from hub.api.conditions import Seen, tagged
from hub.api.needs import TheHub, desk
from hub.api.problems import documented
from hub.api.shapes import Code, Reference, Strict
from hub.api.suggestions import SuggestionsOut, suggestions_out
from hub.model.task import Task
from hub.ops.heads import told_of
from hub.ops.officials import Barred
from hub.ops.suggestions import suggested_for
from hub.ops.tasks import Reply, answer_task, task_of, tasks_of
from hub.policy.tasks import kinds

router = APIRouter(tags=["tasks"])


class TaskOut(BaseModel):
    """A task by ids and codes. `reason` is told to whoever asked and whoever answers, and to nobody else."""

    id: str
    kind: str = Field(examples=["decide_coordination"])
    words: dict[str, str] = Field(examples=[{"nb": "Avgjør hvem som skal samordne"}])
    answers: list[str] = Field(examples=[["accept", "decline"]])
    addressee: str = Field(description="the service it is put to", examples=["coordinating_unit"])
    system: str | None
    asked_by: str | None
    plan: str | None
    subject: str | None = Field(description="what it is about: an element, a service, a reference")
    created_at: datetime
    starts_at: datetime | None
    due_at: datetime
    escalated_to: str | None
    state: str
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    told: list[str] = Field(description="whom your service tells of it, by its own routine", examples=[["emp-3"]])


class TaskWhole(TaskOut):
    reason: str | None
    suggestions: SuggestionsOut | None = Field(None, description="who might coordinate, where that is to be decided")


class AnswerIn(Strict):
    """A word of the task's list; some need a reason, without names."""

    person: Reference = Field(examples=["emp-12"])
    answer: Code = Field(examples=["accept"])
    reason: str | None = Field(None, min_length=3, max_length=2_000, examples=["we have no capacity before August"])


@router.get("/v1/tasks", responses=documented(), summary="List open tasks")
def get_tasks(
    hub: TheHub, system: Acting, person: Person, plan: Annotated[str | None, Query(description="of one plan")] = None
) -> list[TaskOut]:
    """The first due first. The coordinating unit sees its municipality's, a service what is put to it."""
    with hub.store.begin() as work:
        at, who = desk(hub, system), hand(hub, work, system, person)
        found = tasks_of(work, at, who, plan)
        told = {} if isinstance(who, Barred) or isinstance(found, Barred) else told_of(work, at, who, found)
    return [task_out(task, told.get(task.id, ())) for task in allowed(found)]


@router.get("/v1/tasks/{id}", responses=documented(404), summary="Read a task")
def get_task(id: str, hub: TheHub, system: Acting, person: Person, response: Response) -> TaskWhole:
    """With what was written; whoever asked learns here how it was answered. Whoever is to decide who coordinates sees
    beside it who might."""
    with hub.store.begin() as work:
        at, who = desk(hub, system), allowed(hand(hub, work, system, person))
        task = task_of(work, at, who, id)
        found = suggested_for(work, at, who, task)
        told = told_of(work, at, who, [task])
    out = task_out(task, told.get(task.id, ()))
    tagged(response, out)
    suggestions = None if found is None else suggestions_out(found)
    return TaskWhole(**out.model_dump(), reason=task.reason, suggestions=suggestions)


@router.post("/v1/tasks/{id}/answer", responses=documented(403, 404, 409, 412, 422, 428), summary="Answer a task")
def post_answer(id: str, told: AnswerIn, hub: TheHub, system: Acting, seen: Seen) -> TaskOut:
    """Once. The same answer of the same person again changes nothing."""
    with hub.store.begin() as work:
        at, who = desk(hub, system), allowed(hand(hub, work, system, told.person))
        before = task_of(work, at, who, id)
        staff = told_of(work, at, who, [before]).get(id, ())
        seen.hold(task_out(before, staff))
        answered = answer_task(work, at, who, id, Reply(told.answer, told.reason))
    out = task_out(allowed(answered), staff)
    seen.tag(out)
    return out


def task_out(task: Task, staff: Sequence[str] = ()) -> TaskOut:
    """Without what was written; `staff` are those its own service tells of it."""
    kind = kinds()[task.kind]
    told = {name: getattr(task, name) for name in TaskOut.model_fields if name not in ("words", "answers", "told")}
    words = {"nb": kind.nb, "nn": kind.nn, "en": kind.en}
    return TaskOut(words=words, answers=list(kind.answers), told=list(staff), **told)
