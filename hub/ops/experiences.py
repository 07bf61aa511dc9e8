"""What a family thinks of how a service works with the others (*brukererfaring*): a form, and anonymous figures of it.

A form is counted as it is given and never kept: no line tells who answered what, and no service reads it (R-10). Words
to a service are for the family to send as its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from hub.errors import UnusableError
from hub.ops.casework import Casework
from hub.ops.enrol import Desk
from hub.ops.family_said import Said, speaker
from hub.ops.figures import Table, span_of
from hub.ops.officials import Barred
from hub.ops.presence import in_it
from hub.ops.small_figures import ALL, Cell, Cells, Counted, shown
from hub.ops.unseen import known_to
from hub.ops.yearly import Report
from hub.policy.figures import ANSWERS, published
from hub.ports import Answered, Experience, Work

HERE = ("takes_part", "starts_later")


def tell_experience(case: Casework, person: str, service: str, answers: Mapping[str, str]) -> Casework | Barred:
    """Counts what somebody of the family answers about a service in the plan, once a year for each child.

    Nobody writes down what is thought of their own service.
    """
    if why := case.must_coordinate():
        return why
    if case.hand.service == service:
        return case.bar("own_service", "it is about whoever writes it down", "ask the coordinating unit")
    speaker(case.facts, Said(person, "oral", case.now, ""), case.today)
    _must_be_answers(answers)
    may_know = known_to(case)
    if service not in {one.service for one in in_it(case) if one.state in HERE and may_know(one.service)}:
        way_out = "GET /v1/plans/{id}/services tells who does"
        raise UnusableError("not_at_table", "that service does not take part", place="service", way_out=way_out)
    told = Experience(case.desk.municipality, case.today.year, service, answers)
    if not case.work.experiences.add(told, case.facts.child.id):
        raise UnusableError("already_decided", "of this service the family has answered this year", place="service")
    return case


def experience_report(work: Work, desk: Desk, year: int) -> Report:
    """By question, service and answer, of a year that is over; nothing of too few children."""
    data = published()
    span_of(desk, year)
    questions = data.reports["experiences"]
    tables = []
    for id, shape in questions.items():
        cells = _cells(work.experiences.answered(desk.municipality, year, id), data.together)
        tables.append(Table(id, shape, shown(cells, data.fewest), {}))
    return Report("experiences", desk.municipality, year, data.fewest, tuple(tables), {})


def _must_be_answers(answers: Mapping[str, str]) -> None:
    questions = published().reports["experiences"]
    if not answers or answers.keys() - questions.keys() or set(answers.values()) - ANSWERS.keys():
        way_out = f"questions: {', '.join(questions)}; answers: {', '.join(ANSWERS)}"
        raise UnusableError("unknown_word", "not the form's questions and answers", place="answers", way_out=way_out)


def _cells(found: Iterable[Answered], together: Iterable[str]) -> Cells:
    """With all sums. A child answers once about a service, and may answer about several: so many at least."""
    secret = frozenset(together)
    counted: Counter[Cell] = Counter()
    least: dict[Cell, dict[str, int]] = {}
    for service, answer, number in found:
        row = "other" if service in secret else service
        for cell in ((row, answer), (row, ALL), (ALL, answer), (ALL, ALL)):
            counted[cell] += number
            of = least.setdefault(cell, {})
            of[service] = of.get(service, 0) + number
    grid = {(row, column) for row, _ in counted for _, column in counted} | {(ALL, ALL)}
    return {cell: Counted(counted[cell], max(least.get(cell, {}).values(), default=0)) for cell in sorted(grid)}
