"""A report of concern (*bekymringsmelding* v2) about a child who does not exist, as small as its format allows."""

from __future__ import annotations

from datetime import date
from typing import Any

from hub.sandbox.people import MUNICIPALITY
from hub.sdk.counterpart import SyntheticChild

UNTOLD = {"orientert": False, "orientertGrunn": "hensynet til barnet"}
REPORTER = {
    "personnavn": "Aud Testleder",
    "rolle": "styrer",
    "virksomhet": {"navn": "Eksempel barnehage", "adresse": {"adresselinje1": "Testveien 1"}},
    "telefonnummer": "00000000",
    "epost": "aud@barnehage.example",
}


def report_of(child: SyntheticChild, today: date) -> dict[str, Any]:
    """What the head of a kindergarten sends; neither the child nor the parents have been told."""
    about = {
        "fnr": child.number,
        "ufoedt": False,
        "personnavn": child.name,
        "adresse": {"adresselinje1": "Testveien 2"},
    }
    return {
        "kommunenummer": MUNICIPALITY,
        "kommunenavn": "Eksempelvik",
        "bydelsnummer": "00",
        "bydelsnavn": "",
        "offentligMelder": REPORTER,
        "offentligBarn": [{**about, **UNTOLD}],
        "foresatte": [{"personnavn": "Foresatt Eksempel", **UNTOLD}],
        "melding": {
            "melding": "Barnet har merker det ikke vil forklare.",
            "historie": "Sett to ganger denne uken.",
        },
        "sendingstidspunkt": f"{today.isoformat()}T09:00:00",
        "leveringskanal": "fagsystem",
    }
