"""The kit a vendor subclasses in tests, and the report that lists every check by its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from hub.conformance.consents import consents_come_back
from hub.conformance.door import bad_input_is_refused, manifest_is_valid, numbers_are_synthetic, unknown_fields_are_kept
from hub.conformance.subject import Samples, Subject, same_json
from hub.conformance.translation import every_script_is_kept, laws_hold
from hub.errors import SetupError, UnusableError
from hub.sdk import Adapter

CHECKS: Mapping[str, tuple[str, Callable[[Subject], Iterator[str]]]] = {
    "C-101": ("the manifest is valid, and importing makes no network call", manifest_is_valid),
    "C-104": ("the mappings keep the laws", laws_hold),
    "C-105": ("unknown fields are kept or refused", unknown_fields_are_kept),
    "C-106": ("text in every script comes through", every_script_is_kept),
    "C-107": ("only synthetic national numbers in samples", numbers_are_synthetic),
    "C-109": ("bad input is refused with a place and no value", bad_input_is_refused),
    "C-110": ("consents come back as they were told", consents_come_back),
}
"""The numbers are stable for ever; a surprise in production becomes a new one."""

UNCHECKED: Mapping[str, tuple[str, str]] = {
    "C-102": ("good and bad settings are told apart", "needs the vendor's system"),
    "C-103": ("the envelope is right", "the hub makes the envelope, not the adapter"),
    "C-108": ("delivered twice is one effect", "needs the vendor's system"),
    "C-601": ("no value in logs, spans, metrics, file names", "the hub's own journeys check it"),
    "C-602": ("secrets are never printed", "an adapter is given none here"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the report. What was not checked is never shown as passed."""

    code: str
    title: str
    state: Literal["passed", "failed", "not checked"]
    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        mark = {"passed": "✓", "failed": "✗", "not checked": "–"}[self.state]
        return "\n".join([f"{mark} {self.code}  {self.title}", *(f"    {fault}" for fault in self.faults)])


def faults_of(code: str, subject: Subject) -> tuple[str, ...]:
    """What one check finds. A refused sample, or a mapping that will not load, is a fault and stops the check."""
    try:
        return tuple(CHECKS[code][1](subject))
    except UnusableError as error:
        return (f"a sample is refused: {error} ({error.place})",)
    except SetupError as error:
        return (str(error),)


def report(subject: Subject) -> list[Result]:
    """Every check of the kit, those that need more than an adapter too, in the order of their numbers."""
    results = [Result(code, title, "not checked", (why,)) for code, (title, why) in UNCHECKED.items()]
    for code, (title, _) in CHECKS.items():
        faults = faults_of(code, subject)
        results.append(Result(code, title, "failed" if faults else "passed", faults))
    return sorted(results, key=lambda result: result.code)


class AdapterConformance:
    """Subclass it in a test module, name your adapter and your samples, and pytest runs every check.

    `bad` are documents of yours that must be refused. Override `same` where two writings of one document may differ in
    more than the order of keys (XML).
    """

    adapter: ClassVar[Adapter]
    samples: ClassVar[Samples]
    bad: ClassVar[Samples] = {}
    rounds: ClassVar[int] = 50

    @staticmethod
    def same(one: bytes, other: bytes) -> bool:
        """Whether two documents say the same; override it for a format that is not JSON."""
        return same_json(one, other)

    def subject(self) -> Subject:
        """What the checks look at."""
        return Subject(self.adapter, self.samples, self.bad, self.same, self.rounds)

    def test_c_101_the_manifest_is_valid_and_importing_makes_no_network_call(self) -> None:
        self.holds("C-101")

    def test_c_104_the_mappings_keep_the_laws(self) -> None:
        self.holds("C-104")

    def test_c_105_unknown_fields_are_kept_or_refused(self) -> None:
        self.holds("C-105")

    def test_c_106_text_in_every_script_comes_through(self) -> None:
        self.holds("C-106")

    def test_c_107_only_synthetic_national_numbers_in_samples(self) -> None:
        self.holds("C-107")

    def test_c_109_bad_input_is_refused_with_a_place_and_no_value(self) -> None:
        self.holds("C-109")

    def test_c_110_consents_come_back_as_they_were_told(self) -> None:
        self.holds("C-110")

    def test_every_kind_that_is_read_has_a_sample(self) -> None:
        """Without one, half the checks would pass for want of anything to look at."""
        missing = [
            kind.name for kind in self.adapter.manifest.reads if not kind.directed and kind.name not in self.samples
        ]

        assert not missing, f"give a sample of {', '.join(missing)}"

    def holds(self, code: str) -> None:
        """Fails with every fault of one check."""
        faults = faults_of(code, self.subject())

        assert not faults, f"{code} {CHECKS[code][0]}:\n" + "\n".join(faults)
