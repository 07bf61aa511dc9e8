"""What the rows of the busiest tables have in common.

They are named tuples: every update makes and changes dozens of them, and a frozen dataclass takes four times as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Any] = MappingProxyType({})
"""No claims, no digests, no detail."""
