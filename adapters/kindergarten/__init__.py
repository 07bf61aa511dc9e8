"""Systems of kindergartens (*barnehage*), municipal and private."""

from adapters.kindergarten.adapter import Kindergarten

__all__ = ["Kindergarten"]
