"""Forms that many requests share: opaque references and codes. Neither may be a national number or hold free text."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from hub.model.discretion import holds_number


def _no_number(value: str) -> str:
    if holds_number(value) or (value.isdigit() and len(value) in (11, 12)):
        raise ValueError("must be an opaque reference")
    return value


Reference = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,99}$"),
    AfterValidator(_no_number),
]
"""An opaque id: of a person, a case, a decision. Never a name and never a national number."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"), AfterValidator(_no_number)]
"""A word from a closed list: a service, a category, a purpose, a finding."""

T = TypeVar("T", bound=date)


def _in_a_life(value: T) -> T:
    if not 1900 <= value.year <= 2200:
        raise ValueError("must be a day that somebody may live to see, or may have seen")
    return value


Day = Annotated[date, AfterValidator(_in_a_life)]
"""A day that people mean: deadlines are counted from it, and beyond the calendar's end there is none."""

Instant = Annotated[AwareDatetime, AfterValidator(_in_a_life)]
"""The same of an instant, with its zone."""

Municipality = Annotated[str, StringConstraints(pattern=r"^\d{4}$")]


class Strict(BaseModel):
    """A request: an unknown key is an error, and no error repeats what was sent."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Decided(Strict):
    """Who decides, and why. The reason is a code or a short sentence without personal data; it is kept."""

    person: Reference = Field(examples=["emp-12"])
    reason: str = Field(min_length=3, max_length=500, examples=["agreed with the parents in the meeting"])
