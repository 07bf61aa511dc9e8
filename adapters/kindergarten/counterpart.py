"""A stand-in for a kindergarten's case system, for the demo and for tests; what happens in it is `counterpart.yaml`."""

from __future__ import annotations

from adapters.education.plan_desk import PlanDesk
from adapters.kindergarten.adapter import ROSTER, SUPPORT_PLAN


class Counterpart(PlanDesk):
    """Eksempel barnehage: a stafettlogg opened over a wondering about language, kept by the pedagogical leader."""

    name = "Eksempel barnehage"
    adapter = "kindergarten"
    plan, roster, child_at, group_at = SUPPORT_PLAN, ROSTER, "child", "group"
