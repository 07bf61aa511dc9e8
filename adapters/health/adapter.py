"""The adapter of FHIR R4 care plans: bytes to a document and back, and the calls to a FHIR server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.health import client
from adapters.health.care_plan import care_plan, searchset, subject
from adapters.health.consent_read import said
from adapters.health.consent_write import written
from adapters.health.inline import inline
from adapters.health.restore import restore
from adapters.health.schema import check
from hub.sdk import ChildKey, Consent, Document, Kind, Manifest, Posted, Stamp, UnusableError, read_json, write_json
from hub.sdk.directed import DIRECTED, INFO, is_directed, read_directed, write_directed

BUNDLE = Kind(
    "no.langbenk.health.v1.fhir-bundle",
    lens="mappings:health/fhir-bundle.v1.yaml",
    media_type="application/fhir+json",
)


class Health:
    """Health services that speak FHIR R4: a Bundle around a CarePlan, or one resource of it alone."""

    manifest = Manifest(
        name="health",
        title="Health services: FHIR R4 care plans",
        services=("municipal_health", "school_health", "gp", "hospital", "bup", "dps", "dental"),
        reads=(BUNDLE, *DIRECTED),
        writes=(BUNDLE, INFO),
        carries={BUNDLE.name: ("frame", "identity", "goal", "measure", "participant", "need", "note")},
        auth="helseid",
        tier="bronze",
    )

    def read(self, raw: bytes, kind: str) -> Document:
        """A document for the lens; `UnusableError` where it is no resource that the R4B models take."""
        if is_directed(kind):
            return read_directed(raw, kind)
        _known(kind)
        resource = read_json(raw, max_bytes=self.manifest.max_bytes)
        check(resource)
        return inline(resource)

    def write(self, document: Document, kind: str) -> bytes:
        """The FHIR resource the document stands for."""
        if is_directed(kind):
            return write_directed(document)
        _known(kind)
        return write_json(restore(document))

    def read_consents(self, raw: bytes) -> Sequence[tuple[ChildKey, Consent]]:
        """A Consent, or a Bundle with some, as answers; what would be held wider than it says is refused."""
        return said(raw, self.manifest.max_bytes)

    def write_consents(self, consents: Sequence[Consent], key: ChildKey) -> bytes:
        """All the register holds of them, as a Bundle."""
        return written(consents, key)

    def care_plan(self, body: bytes, stamp: Stamp) -> bytes:
        """The CarePlan of a Bundle it wrote, with what it refers to contained."""
        return care_plan(body, stamp)

    def searchset(self, found: Sequence[tuple[bytes, Stamp]]) -> bytes:
        """The plans that matched, and what they refer to, as a searchset."""
        return searchset(found)

    def subject(self, form: Mapping[str, str]) -> ChildKey:
        """Whom a search form asks about."""
        return subject(form)

    def deliver(self, body: bytes, kind: str, key: str, settings: Mapping[str, str]) -> Posted:
        """Posts the Bundle under the delivery's id; the same id again changes nothing."""
        return client.deliver(body, key, settings)

    def fetch(self, child_key: str, kind: str, settings: Mapping[str, str]) -> bytes | None:
        """The child's present plan with all it refers to; the key goes in a form, never in an address."""
        return client.search(child_key, settings)

    def ping(self, settings: Mapping[str, str]) -> None:
        """Asks for the server's capability statement."""
        client.ping(settings)


def _known(kind: str) -> None:
    if kind != BUNDLE.name:
        raise UnusableError("unknown_kind", "health: no such document kind", way_out=f"send {BUNDLE.name}")
