"""Door 3 for systems that fetch: the fetch is the dispatch, and the acknowledgement is the receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.model.envelope import FEEDBACK, PROPOSAL_ANSWER, Parcel
from hub.model.service import System
from hub.routing.deliver import Dispatch
from hub.sdk import Posted


class Mailbox:
    """Door 3 for systems that fetch: the fetch is the dispatch. May be called from several threads."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    def fetch(self, system: System, limit: int) -> Sequence[Parcel]:
        return self._dispatch.fetch(system, limit)

    def answers(self, system: System, limit: int) -> Sequence[Parcel]:
        """What became of its proposals, apart from the documents: no adapter reads these."""
        return self._dispatch.fetch(system, limit, PROPOSAL_ANSWER)

    def feedback(self, system: System, limit: int) -> Sequence[Parcel]:
        """What child welfare answered about its reports, apart too."""
        return self._dispatch.fetch(system, limit, FEEDBACK)

    def acknowledge(self, system: System, answers: Mapping[str, Posted]) -> Sequence[str]:
        """Ids that are not on their way to this very system; another system's are unknown to it."""
        return self._dispatch.record(answers, system.id)
