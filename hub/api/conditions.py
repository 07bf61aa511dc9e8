"""Conditions on a write (RFC 9110 § 13, RFC 6585): the ETag of what was read, and If-Match on whatever changes it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated

from fastapi import Depends, Header, Response
from pydantic import BaseModel

from hub.api.problems import Problem

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match", description="the ETag of what you have read, or `*`: whatever it is now", examples=['"a1"']
    ),
]
WAY_OUT = "read it, and give its ETag in If-Match"


def etag(shown: BaseModel) -> str:
    """The version of what is shown: equal for equal answers, and no count of what a caller may not see."""
    return f'"{blake2b(shown.model_dump_json().encode(), digest_size=12).hexdigest()}"'


def tagged(response: Response, shown: BaseModel) -> None:
    """The answer bears its version."""
    response.headers["ETag"] = etag(shown)
    response.headers["Cache-Control"] = "no-store"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a writer has seen of what it changes, and the response that bears what it has become."""

    seen: str
    response: Response

    def hold(self, now: BaseModel) -> None:
        """`412 stale` with what it is now, where that is not what was seen; call it in the writing transaction."""
        current = etag(now)
        if self.seen.strip() != "*" and current not in {each.strip() for each in self.seen.split(",")}:
            told = now.model_dump(mode="json")
            raise Problem("stale", "it has changed since you read it", way_out=WAY_OUT, etag=current, current=told)

    def tag(self, shown: BaseModel) -> None:
        """What it has become."""
        tagged(self.response, shown)


def _condition(response: Response, seen: IfMatch = None) -> Condition:
    if seen is None or not seen.strip():
        raise Problem("if_match_needed", "this changes what others change too", place="If-Match", way_out=WAY_OUT)
    return Condition(seen, response)


Seen = Annotated[Condition, Depends(_condition)]
"""`428` where a writer does not say what it has seen."""
