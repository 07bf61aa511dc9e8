"""NAV: its adapter and a counterpart for demo and tests."""

from adapters.nav.adapter import Nav

__all__ = ["Nav"]
