"""Public registers that the hub asks: where facts come from. Each keeps a port of `hub/ports`."""

from hub.registers.fiks import FiksPopulation, Integration
from hub.registers.roles import by_municipality, open_population

__all__ = ["FiksPopulation", "Integration", "by_municipality", "open_population"]
