"""Installed adapters, found by entry point. A broken one is listed with its reason and never stops the hub."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from hub.errors import SetupError
from hub.mapping import Lens, load_lens
from hub.sdk import Adapter, Delivers, Fetches, Kind, Manifest, Pings, Polls, TellsCarePlans, TellsConsents

GROUP = "hub.adapters"
ABILITIES: Mapping[str, type] = {
    "delivers": Delivers,
    "fetches": Fetches,
    "polls": Polls,
    "pings": Pings,
    "consents": TellsConsents,
    "care_plans": TellsCarePlans,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One installed adapter, usable or not. `broken` is the reason, in words an operator can act on."""

    name: str
    adapter: Adapter | None = None
    lenses: Mapping[str, Lens] = field(default_factory=dict)
    broken: str | None = None


class Registry:
    """Looks adapters and lenses up by name; immutable once loaded, so it may be used from several threads."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._listed: dict[str, Listed] = {}
        for one in listed:
            twin = self._listed.get(_canonical(one.name))
            if twin is not None:  # which of the two was meant cannot be guessed
                one = Listed(one.name, broken="two installed packages offer an adapter of this name: uninstall one")
            self._listed[_canonical(one.name)] = one

    def adapters(self) -> list[Listed]:
        """All of them by name, the broken ones with their reason."""
        return [self._listed[name] for name in sorted(self._listed)]

    def adapter(self, name: str) -> Adapter:
        """`SetupError` for one that is not installed or is broken."""
        return self._usable(name)[0]

    def lens(self, name: str, kind: str) -> Lens | None:
        """The mapping of one of an adapter's kinds; `None` for a directed kind, which is never mapped."""
        return self._usable(name)[1].get(kind)

    def kind(self, name: str, kind: str) -> Kind | None:
        """What the adapter says of a document kind; `None` where it knows it not."""
        return self._usable(name)[0].manifest.kind(kind)

    def describe(self) -> list[dict[str, Any]]:
        """The JSON of `langbenk adapters --json`."""
        return [_described(one) for one in self.adapters()]

    def _usable(self, name: str) -> tuple[Adapter, Mapping[str, Lens]]:
        one = self._listed.get(_canonical(name))
        if one is None:
            raise SetupError(f"no adapter is called {name}: `langbenk adapters` lists those installed")
        if one.adapter is None:
            raise SetupError(f"the adapter {name} is broken: {one.broken}")
        return one.adapter, one.lenses


def load_registry(found: Iterable[EntryPoint] | None = None) -> Registry:
    """Every adapter installed in this environment."""
    points = entry_points(group=GROUP) if found is None else found
    return Registry(listed(point.name, point.load) for point in points)


def listed(name: str, load: Callable[[], Any]) -> Listed:
    """Loads one adapter; whatever goes wrong in a vendor's code becomes its reason and stays there."""
    try:
        adapter = load()()
        manifest = getattr(adapter, "manifest", None)
        if not isinstance(adapter, Adapter) or not isinstance(manifest, Manifest):
            return Listed(name, broken="it lacks a Manifest, read(raw, kind) or write(document, kind)")
        if _canonical(manifest.name) != _canonical(name):
            return Listed(name, broken=f"its entry point is called {name} and its manifest {manifest.name}")
        return Listed(name, adapter, _lenses(manifest))
    except SetupError as error:  # a mapping that is broken: the text already names file, row and reason
        return Listed(name, broken=str(error))
    except Exception as error:
        return Listed(name, broken=f"{type(error).__name__} when it was loaded: {str(error)[:200]}")


def _lenses(manifest: Manifest) -> dict[str, Lens]:
    lenses = {}
    for kind in (*manifest.reads, *manifest.writes):
        if kind.directed:
            continue
        if kind.lens is None:
            raise SetupError(f"{manifest.name}: {kind.name} is neither directed nor has a lens")
        lenses[kind.name] = load_lens(kind.lens)
    return lenses


def _described(one: Listed) -> dict[str, Any]:
    if one.adapter is None:
        return {"name": one.name, "state": "broken", "reason": one.broken}
    manifest = one.adapter.manifest
    return {
        "name": one.name,
        "title": manifest.title,
        "state": "ok",
        "services": list(manifest.services),
        "reads": [kind.name for kind in manifest.reads],
        "writes": [kind.name for kind in manifest.writes],
        "carries": {kind: list(parts) for kind, parts in manifest.carries.items()},
        "abilities": [name for name, ability in ABILITIES.items() if isinstance(one.adapter, ability)],
        "auth": manifest.auth,
        "max_bytes": manifest.max_bytes,
        "tier": manifest.tier,
    }


def _canonical(name: str) -> str:
    return name.replace("_", "-").lower()
