"""Health services that speak FHIR R4."""

from adapters.health.adapter import Health

__all__ = ["Health"]
