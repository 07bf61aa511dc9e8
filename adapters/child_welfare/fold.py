"""What a case says only between the lines: who the child is now, and how each plan, measure and decision stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hub.sdk.directed import number_key

# Plans of an investigation (§ 2-2, § 8-2) say that there is one: they belong to it, and never to a shared plan.
_INVESTIGATION_PLANS = ("7", "8")
_APPROVED = "1"


def fold(case: dict[str, Any]) -> dict[str, Any]:
    """The case with a `fold` in each plan, measure and decision. What was there stays; writing leaves folds out."""
    gone = _is_true(case.get("ErSlettet"))
    tombs = {(each["Type"], each["Id"]) for each in case.get("Slettet", ())}
    folded = dict(case)
    for name, tell in _FOLDS.items():
        if name in case:
            folded[name] = [
                {**item, "fold": tell(item, gone or _is_true(item.get("ErSlettet")) or (name, item["Id"]) in tombs)}
                for item in case[name]
            ]
    return folded


def child_of(case: Mapping[str, Any]) -> dict[str, str]:
    """The child's numbers in the newest living record of who the child is; a constructed number is none.

    A constructed number (birth date and 00100, 00200, 55555 or 99999) is shared by every such child born that day, so
    it must never find a child: the case's own key does.
    """
    known = [each for each in case.get("Personalia", ()) if not _is_true(each.get("ErSlettet"))]
    if not known:
        return {}
    newest = max(known, key=lambda each: each["StartDato"])
    key = number_key(newest["Fodselsnummer"])
    numbers = {key.kind: key.value} if key else {}
    return numbers | ({"duf": newest["DUFnummer"]} if "DUFnummer" in newest else {})


def _plan(plan: Mapping[str, Any], gone: bool) -> dict[str, Any]:
    about = "undersøkelse" if plan["Plantype"] in _INVESTIGATION_PLANS else "plan"
    state = "slettet" if gone else "avsluttet" if "Konklusjon" in plan else "aktiv"
    dates = [each["UtfortDato"][:10] for each in plan.get("Evaluering", ())]
    return {"hva": about, "tilstand": state, **({"evaluert": dates} if dates else {})}


def _measure(measure: Mapping[str, Any], gone: bool) -> dict[str, Any]:
    ended = "avsluttet" if "Konklusjon" in measure else "opphevet" if "Opphevelse" in measure else "aktiv"
    return {"tilstand": "slettet" if gone else ended, "kategori": measure["Kategori"]["Kode"]}


def _decision(decision: Mapping[str, Any], gone: bool) -> dict[str, Any]:
    latest = max(decision["Status"], key=lambda each: each["EndretDato"])["Kode"]
    state = "slettet" if gone else "avsluttet" if "Konklusjon" in decision else "godkjent"
    # A case before the board, a refusal or a lapse is part of proceedings and no part of a plan.
    return {"hva": "vedtak" if latest == _APPROVED else "behandling", "tilstand": state}


_FOLDS: Mapping[str, Callable[[Mapping[str, Any], bool], dict[str, Any]]] = {
    "Plan": _plan,
    "Tiltak": _measure,
    "Vedtak": _decision,
}


def _is_true(value: str | None) -> bool:
    return value is not None and value.strip() in ("true", "1")
