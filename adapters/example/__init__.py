"""The smallest whole adapter, for a vendor to copy: an arts school's register of activities."""

from adapters.example.adapter import ArtsSchool

__all__ = ["ArtsSchool"]
