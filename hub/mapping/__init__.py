"""Document ⇄ plan: two-way tables, compiled once. The data lies in `/mappings`."""

from hub.mapping.lens import Lens
from hub.mapping.load import load_lens

__all__ = ["Lens", "load_lens"]
