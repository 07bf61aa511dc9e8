"""The base of a merge: what a system was last shown, or itself said, of each element; digests by element id.

`seen` is what it said or acknowledged last, `sent` what its view holds of it. Beside that may stand (`a~b`) what it
holds as well as not: in `seen` what it was sent and has not acknowledged, in `sent` its own words that wait. All of
that is an echo when it comes back, and no edit. What has left a view is *faded* (`~a`): its absence says nothing, and
it is news when it may be seen again. Of `?b` a system was sent `b`, and has said and acknowledged nothing; of `b~@7`
it has said `b` on version 7 of its view, and the hub heard it when a newer one was made that holds something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.model.plan import Element
from hub.sync.version import GONE

_AND = "~"
_UNHEARD = "?"
_ON = "@"
MOST = 8
"""Values of one element that a system may have beside the first, at most."""


def faded(*shown: str) -> str:
    """Of what was shown once and is no longer."""
    return _AND + _joined("", *shown)


def unsure(said: str | None, sent: str) -> str:
    """Of what was said or acknowledged last, and what was sent since and may have been lost."""
    return _UNHEARD + _joined("", sent) if said is None else _joined(said, sent)


def beside(sent: str | None, word: str) -> str:
    """Of what its view holds, and its own word that waits."""
    return faded(word) if sent is None else _joined(sent, word)


def lasts(said: str | None, sent: str) -> bool:
    """Whether what was sent is what was said or acknowledged last."""
    return said is not None and (said == sent or first(said) == first(sent))


def first(value: str) -> str:
    """What stands first: empty for what has faded."""
    return value.partition(_AND)[0]


def shown_now(before: Mapping[str, str], cut: Mapping[str, str], seen: Mapping[str, str]) -> Mapping[str, str]:
    """What a system has been shown once this cut has been sent to it: the cut; of what has left, all it may have."""
    left = {id: faded(digest, seen.get(id, "")) for id, digest in before.items() if id not in cut}
    return {**left, **cut} if left else cut


def shown(sent: Mapping[str, str]) -> Mapping[str, str]:
    """Of what a system was sent, what its view held then."""
    return {id: first(digest) for id, digest in sent.items() if not digest.startswith(_AND)}


def _parts(value: str) -> list[str]:
    return [part for part in value.removeprefix(_UNHEARD).split(_AND) if part]


def _beside(value: str) -> str:
    """All but what was said or acknowledged."""
    return value if value.startswith(_UNHEARD) else value.partition(_AND)[2]


def _joined(known: str, *more: str) -> str:
    """The first value as it stands, and every other one once, the newest where there are too many."""
    start, *others = known.split(_AND)
    found = dict.fromkeys([*filter(None, others), *(part for each in more for part in _parts(each))])
    found.pop(start.removeprefix(_UNHEARD), None)
    return _AND.join([*([start] if known else []), *list(found)[-MOST:]])


@dataclass(frozen=True, slots=True)
class Base:
    """Digests of what the sender last saw and was last sent, by element id."""

    seen: Mapping[str, str]
    sent: Mapping[str, str]
    on: Mapping[str, str] | None = None
    """What the view held that this document was written on, where that is known."""
    later: bool = True
    """Whether the sender has taken a newer view than that since."""
    version: int | None = None
    """The version it was written on, where the sender says so."""
    elsewhere: frozenset[str] = frozenset()
    """What the sender has said in another format: it may have come after the view that this was written on."""
    newer: bool = False
    """Whether there is a newer view than that, which the sender may have taken since."""

    def knows(self, element: Element, service: str, system: str) -> bool:
        """Whether an absence says anything: of what it said itself or acknowledged; of others' only while it is shown.

        What it last heard to be gone, or said so itself, is absent anyway.
        """
        said, sent = self.seen.get(element.id, _UNHEARD), self.sent.get(element.id, GONE)
        if first(said) == GONE or GONE in _parts(sent)[1:]:
            return False
        heard = not said.startswith((_UNHEARD, _AND))
        had = heard if self.on is None else self.on.get(element.id, GONE) != GONE
        if element.owner == service:
            told = system not in element.keys or element.id in self.elsewhere  # by its view, and not by itself
            heard = heard and (had or not (told or self._said_before(said)))
            return heard or (had and self.shows(element.id))
        return had and self.shows(element.id) and first(sent) != GONE

    def told(self, element: Element, service: str) -> bool:
        """Whether it may be answered that the plan says the same: not about a frame that it was never sent."""
        return element.kind != "frame" or element.owner == service or self.shows(element.id)

    def shows(self, id: str) -> bool:
        """Whether the sender's view holds the element still."""
        return not self.sent.get(id, _AND).startswith(_AND)

    def _said_before(self, said: str) -> bool:
        """Whether the sender said that on an older version than this one, which was made before the hub heard it: what
        it held before is in its copy again, and nobody's edit."""
        on = (int(part.removeprefix(_ON)) for part in _parts(said) if part.startswith(_ON))
        return self.version is not None and any(each < self.version for each in on)

    def overtakes(self, id: str, digest: str) -> bool:
        """Whether the newer view holds something else than the sender says here: whoever puts that in the place of its
        copy loses it there, and is to be told it anew."""
        return self.newer and first(self.sent.get(id, _AND)) != digest

    def overtaken(self, id: str, digest: str) -> str:
        """What is remembered of such a word: on which version it was said, or else that it may be held no longer."""
        if self.version is not None:
            return _joined(digest, f"{_ON}{self.version}")
        return self.said(id, digest) if self.on is None else unsure(None, digest)

    def holds(self, id: str, digest: str, *, own: bool = False) -> bool:
        """Whether this is what the sender was shown or said before: an echo."""
        seen, sent = self.seen.get(id, ""), self.sent.get(id, "")
        if self._repeats(id, digest, own):
            return True
        return digest in (seen, sent) or digest in _parts(seen) or digest in _parts(sent)

    def is_old(self, id: str, digest: str, *, own: bool = False) -> bool:
        """Whether it only repeats an older view, and has taken a newer one since: it says nothing new of itself."""
        return self._repeats(id, digest, own) and digest not in _parts(self.seen.get(id, digest))

    def _repeats(self, id: str, digest: str, own: bool) -> bool:
        """Whether it is what the view held that this was written on.

        An owner who has said something else, and taken no newer view since, has changed it back.
        """
        if self.on is None or self.on.get(id) != digest:
            return False
        if not own or id not in self.seen or self._said_before(self.seen[id]):
            return True
        return self.later and lasts(self.seen[id], self.sent.get(id, ""))

    # ── what is remembered of what it says now ──────────────────────────────────────────────────────────────────────

    def said(self, id: str, digest: str) -> str:
        """What the sender says now, beside what it was sent since it last acknowledged anything."""
        seen, sent = self.seen.get(id), self.sent.get(id, digest)
        if seen == digest == sent:
            return digest  # what nearly every item of nearly every document says
        on_its_way = "" if lasts(seen, sent) else first(sent)
        return _joined(digest, _AND.join(each for each in _parts(_beside(seen or "")) if _ON not in each), on_its_way)

    def taken(self, id: str, said: str, now: str | None = None, *, own: bool = False) -> str:
        """What its view holds of its word that the plan has taken, or has: `now` as it is shown to it.

        A stale copy of what has left its view leaves it there, but for an owner's: what that held before its word it
        holds no longer. And what is on its way to it, it is to take yet.
        """
        sent = self.sent.get(id, said)
        if sent != said and not self.shows(id):
            return faded(said) if own else faded(sent, said)
        if self.awaits(id, said):
            return sent
        return said if now is None else now

    def awaits(self, id: str, said: str) -> bool:
        """Whether another value than it says is on its way to it."""
        sent = self.sent.get(id, said)
        return self.shows(id) and first(sent) != said and not lasts(self.seen.get(id), sent)
