"""Child welfare (*barnevern*): its adapter and a counterpart for demo and tests."""

from adapters.child_welfare.adapter import ChildWelfare

__all__ = ["ChildWelfare"]
