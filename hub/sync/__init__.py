"""What is the plan now? Versions, keys, the three-way merge and the cut each receiver is shown (pure)."""

from hub.sync.base import Base, faded, shown, shown_now
from hub.sync.merge import Merge, merge, rebased
from hub.sync.version import carried_digest, digest, digest_of, stamped
from hub.sync.view import Cut, as_released, as_shown, cut_view, only, portion_for

__all__ = [
    "Base",
    "Cut",
    "Merge",
    "as_released",
    "as_shown",
    "carried_digest",
    "cut_view",
    "digest",
    "digest_of",
    "faded",
    "merge",
    "only",
    "portion_for",
    "rebased",
    "shown",
    "shown_now",
    "stamped",
]
