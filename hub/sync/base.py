"""The base of a merge: what a system was last shown, or itself said, of each element; digests by element id.

What has left a view since it was shown is *faded*: the stale copy of it is still an echo and no edit, its absence
says nothing, and it is news when it may be seen again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.model.plan import Element

_FADED = "~"


def faded(digest: str) -> str:
    """The digest of what was shown once and is no longer."""
    return digest if digest.startswith(_FADED) else _FADED + digest


def shown_now(before: Mapping[str, str], cut: Mapping[str, str]) -> Mapping[str, str]:
    """What a system has been shown once this cut has been sent to it: the cut, and what it was shown before, faded."""
    left = {id: faded(digest) for id, digest in before.items() if id not in cut}
    return {**left, **cut} if left else cut


def shown(sent: Mapping[str, str]) -> Mapping[str, str]:
    """Of what a system was sent, what its view held then."""
    return {id: digest for id, digest in sent.items() if not digest.startswith(_FADED)}


@dataclass(frozen=True, slots=True)
class Base:
    """Digests of what the sender last saw and was last sent, by element id."""

    seen: Mapping[str, str]
    sent: Mapping[str, str]

    def knows(self, element: Element, service: str) -> bool:
        """Whether an absence says anything: its own elements it knows; others only once they reached it and stayed."""
        seen, sent = element.id in self.seen, self.shows(element.id)
        return (seen or sent) if element.owner == service else (seen and sent)

    def told(self, element: Element, service: str) -> bool:
        """Whether it may be answered that the plan says the same: not about a frame that it was never sent."""
        return element.kind != "frame" or element.owner == service or self.shows(element.id)

    def shows(self, id: str) -> bool:
        """Whether the sender's view holds the element still."""
        return not self.sent.get(id, _FADED).startswith(_FADED)

    def holds(self, id: str, digest: str) -> bool:
        """Whether this is what the sender was shown or said before: an echo."""
        return digest in (self.seen.get(id), self.sent.get(id)) or faded(digest) in (
            self.seen.get(id),
            self.sent.get(id),
        )
