"""Which services are in a plan and which are missing, in words: one sentence each."""

from __future__ import annotations

from datetime import date, datetime

from hub.model.calendar import norwegian_day
from hub.ops.presence import Presence
from hub.policy.complaints import service_name
from hub.policy.explain import Language, texts


def in_words(one: Presence, language: Language) -> str:
    """How one service stands."""
    said, name = texts(language)["presence"], service_name(one.service, language)
    state = "invited_later" if one.state == "invited" and one.starts_on is not None else one.state
    return str(
        said[state].format(
            service=name[:1].upper() + name[1:],
            asked=_day(one.since),
            due=_day(one.due_at),
            day=_day(one.starts_on),
            why="; ".join(said[each] for each in one.why),
        )
    )


def notice(language: Language) -> str:
    """What every such list is told with, so that nothing can be read from what is not in it."""
    return str(texts(language)["presence"]["notice"])


def _day(at: datetime | date | None) -> str:
    if at is None:
        return "–"
    return (norwegian_day(at) if isinstance(at, datetime) else at).isoformat()
