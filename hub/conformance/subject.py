"""What is checked: an adapter and sample documents of each of its kinds, as bytes such a system really sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from hub.errors import UnusableError
from hub.mapping import Lens, load_lens
from hub.model.change import Grant, Portion
from hub.sdk import Adapter, Kind, canonical_json, read_json

Samples: TypeAlias = Mapping[str, Sequence[bytes]]
"""Documents by kind."""


def same_json(one: bytes, other: bytes) -> bool:
    """Whether two documents say the same, whatever the order of their keys."""
    return canonical_json(read_json(one)) == canonical_json(read_json(other))


@dataclass(frozen=True, slots=True)
class Subject:
    """`same` compares two writings of a document, for formats other than JSON; `rounds` is how often laws are tried."""

    adapter: Adapter
    samples: Samples = field(default_factory=dict)
    bad: Samples = field(default_factory=dict)
    same: Callable[[bytes, bytes], bool] = same_json
    rounds: int = 50

    def kinds(self) -> list[Kind]:
        """Every kind it reads or writes, once."""
        manifest = self.adapter.manifest
        return list({kind.name: kind for kind in (*manifest.reads, *manifest.writes)}.values())

    def read_samples(self) -> Iterator[tuple[str, Kind, bytes]]:
        """Each sample of a kind that is read, with a name for it that says nothing of its content."""
        for kind in self.adapter.manifest.reads:
            for number, raw in enumerate(self.samples.get(kind.name, ()), 1):
                yield f"{kind.name} sample {number}", kind, raw

    def lens(self, kind: Kind) -> Lens | None:
        """The mapping the kind names, `None` where it names none."""
        return None if kind.lens is None else load_lens(kind.lens)

    def lens_of(self, name: str) -> Lens | None:
        """The lens of the kind of that name, `None` where it has none."""
        return next((self.lens(kind) for kind in self.kinds() if kind.name == name), None)


def samples_in(folder: Path) -> Samples:
    """Samples that lie as files in one folder a kind, the folder's name being the kind's."""
    kinds = sorted(each for each in folder.iterdir() if each.is_dir())
    return {kind.name: [file.read_bytes() for file in sorted(kind.iterdir())] for kind in kinds}


def as_json(raw: bytes) -> Any:
    """The sample as JSON, `None` where it is another format."""
    try:
        return read_json(raw)
    except UnusableError:
        return None


def everything(portion: Portion) -> Grant:
    """The grant of all that a portion holds."""
    return {kind: frozenset(items) for kind, items in portion.items()}
