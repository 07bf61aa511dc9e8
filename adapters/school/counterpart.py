"""A stand-in for a school's case system, for the demo and for tests; what happens in it is `counterpart.yaml`."""

from __future__ import annotations

from adapters.education.plan_desk import PlanDesk
from adapters.school.adapter import ROSTER, SUPPORT_PLAN


class Counterpart(PlanDesk):
    """Eksempel skole: a stafettlogg opened over absence, kept by the contact teacher."""

    name = "Eksempel skole"
    adapter = "school"
    plan, roster, child_at, group_at = SUPPORT_PLAN, ROSTER, "pupil", "class"
