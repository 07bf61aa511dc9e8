"""Systems of schools, after-school programmes and the educational-psychological service."""

from adapters.school.adapter import School

__all__ = ["School"]
