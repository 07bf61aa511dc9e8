"""Anonymous figures of a year over HTTP, for the municipality's own office."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from hub.api.door import Controller
from hub.api.needs import TheHub, desk
from hub.api.problems import documented
from hub.ops.experiences import experience_report
from hub.ops.indicators import indicators
from hub.ops.published import as_csv, document
from hub.ops.yearly import Report, year_report

router = APIRouter(tags=["reports"])
ANSWERS: dict[int | str, dict[str, Any]] = {
    **documented(409, 422),
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}},
}
Year = Annotated[int, Path(ge=2000, le=9999, description="a year that is over")]
Form = Annotated[
    Literal["json", "csv"], Query(alias="format", description="`csv`: one figure a line, `:` where hidden")
]


class FigureOut(BaseModel):
    """One figure; `all` is the sum over a row or a column."""

    row: str = Field(examples=["CON-01"])
    column: str = Field(examples=["released_in_time"])
    number: int | None = Field(description="null where it, or a sum with it, would tell of too few children")


class TookOut(BaseModel):
    """Days until people had decided, of a row."""

    row: str
    median: float
    ninth: float = Field(description="nine in ten were decided within it")
    longest: float
    in_time: int | None = Field(description="per cent within their deadline")


class TableOut(BaseModel):
    id: str = Field(examples=["holds_ended"])
    title: dict[str, str] = Field(examples=[{"en": "How what waited ended"}])
    about: dict[str, str] = Field(description="what it tells, where its name does not say it all")
    rows: str = Field(examples=["rule"])
    columns: str = Field(description="empty where it has rows only", examples=["end"])
    figures: list[FigureOut]
    took: list[TookOut]


class FiguresOut(BaseModel):
    """A report of one year."""

    report: str
    municipality: str
    year: int
    fewest: int = Field(description="no figure is about fewer children than this")
    tables: list[TableOut]
    laws: dict[str, list[str]] = Field(description="the provisions behind each rule, as on the year's last day")


@router.get(
    "/v1/reports/year/{year}",
    response_model=FiguresOut,
    responses=ANSWERS,
    summary="Report a year in anonymous figures",
)
def get_year(year: Year, hub: TheHub, system: Controller, form: Form = "json") -> FiguresOut | Response:
    """Of your own municipality: what waited, how it ended and how long it took, refusals by rule, tasks, proposals.
    Nothing about fewer than `fewest` children is told, nor what it could be worked out from."""
    with hub.store.begin() as work:
        return _told(year_report(work, desk(hub, system), year), form)


@router.get(
    "/v1/reports/indicators/{year}",
    response_model=FiguresOut,
    responses=ANSWERS,
    summary="Report indicators for a preventive plan",
)
def get_indicators(year: Year, hub: TheHub, system: Controller, form: Form = "json") -> FiguresOut | Response:
    """Of your own municipality: plans and who coordinates them, how long it took, how many services take part, gaps and
    requests by service, the child's participation, hand-overs. Nobody can be known in them."""
    with hub.store.begin() as work:
        return _told(indicators(work, desk(hub, system), year), form)


@router.get(
    "/v1/reports/experiences/{year}",
    response_model=FiguresOut,
    responses=ANSWERS,
    summary="Report what families think",
)
def get_experiences(year: Year, hub: TheHub, system: Controller, form: Form = "json") -> FiguresOut | Response:
    """Of your own municipality: what families answered about how services work together, by service. Nobody can be
    known in it, and nobody has read their answers."""
    with hub.store.begin() as work:
        return _told(experience_report(work, desk(hub, system), year), form)


def _told(report: Report, form: Literal["json", "csv"]) -> FiguresOut | Response:
    if form == "csv":
        return Response(as_csv(report), media_type="text/csv")
    return FiguresOut.model_validate(document(report))
