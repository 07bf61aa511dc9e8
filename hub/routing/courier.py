"""How parcels reach a system that has an API: through its adapter, with a circuit that opens while it is away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from hub.errors import TryAgainError, UnusableError
from hub.model.envelope import Parcel
from hub.model.service import System
from hub.ports import Clock
from hub.routing.catalogue import Catalogue
from hub.routing.pipeline import Courier
from hub.routing.watch import Watch
from hub.sdk import Delivers, Posted


class Circuit:
    """Opens after `failures` in a row, and lets one try through when `rest` has passed."""

    def __init__(self, clock: Clock, failures: int = 5, rest: timedelta = timedelta(seconds=30)) -> None:
        self._clock, self._limit, self._rest = clock, failures, rest
        self._failed = 0
        self._until: datetime | None = None

    def closed_for(self) -> float:
        """Seconds until the next try; zero when it may be tried now."""
        if self._until is None:
            return 0.0
        return max(0.0, (self._until - self._clock.now()).total_seconds())

    def worked(self) -> None:
        self._failed, self._until = 0, None

    def failed(self) -> None:
        self._failed += 1
        if self._failed >= self._limit:
            self._until = self._clock.now() + self._rest


class PushCourier:
    """Hands each parcel to the adapter's `deliver`. Idempotent by delivery id, so a second try does no harm."""

    def __init__(self, catalogue: Catalogue, clock: Clock, watch: Watch) -> None:
        self._catalogue, self._clock, self._watch = catalogue, clock, watch
        self._circuits: dict[str, Circuit] = {}

    def send(self, system: System, parcels: Sequence[Parcel]) -> Mapping[str, Posted | TryAgainError]:
        circuit = self._circuits.setdefault(system.id, Circuit(self._clock))
        answers: dict[str, Posted | TryAgainError] = {}
        for parcel in parcels:
            with self._watch.step("deliver", parcel.traceparent, delivery=parcel.id, target=system.service):
                answers[parcel.id] = self._one(system, parcel, circuit)
        return answers

    def close(self) -> None:
        """Nothing: the adapters keep their own connections."""

    def _one(self, system: System, parcel: Parcel, circuit: Circuit) -> Posted | TryAgainError:
        if wait := circuit.closed_for():
            return TryAgainError("the receiver has been away; its circuit is open", after=wait)
        adapter = self._catalogue.adapter(system.adapter)
        if not isinstance(adapter, Delivers):
            return Posted("rejected", "no_api")
        try:
            posted = adapter.deliver(parcel.body, parcel.kind, parcel.id, system.settings)
        except TryAgainError as away:
            circuit.failed()
            return away
        except UnusableError as unusable:
            circuit.worked()
            return Posted("rejected", unusable.code)
        except Exception as bug:  # an adapter's fault must not stop its neighbours; it is kept by its class only
            circuit.failed()
            return TryAgainError(f"the receiver's adapter failed ({type(bug).__name__})")
        circuit.worked()
        return posted


class EachItsWay:
    """Hands parcels on by the way the receiver is registered with now: one registered anew needs no restart.

    The first way is made at once, so that a hub that cannot go it says so before it takes any work.
    """

    def __init__(self, make: Callable[[System], Courier], first: System) -> None:
        self._make = make
        self._made = {first.delivery: make(first)}

    def send(self, system: System, parcels: Sequence[Parcel]) -> Mapping[str, Posted | TryAgainError]:
        if system.delivery not in self._made:
            self._made[system.delivery] = self._make(system)
        return self._made[system.delivery].send(system, parcels)

    def close(self) -> None:
        for courier in self._made.values():
            courier.close()
