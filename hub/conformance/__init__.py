"""The conformance kit: what a vendor imports in tests to hold an adapter to the house's rules."""

from hub.conformance.kit import CHECKS, AdapterConformance, Result, report
from hub.conformance.subject import Subject, samples_in

__all__ = ["CHECKS", "AdapterConformance", "Result", "Subject", "report", "samples_in"]
