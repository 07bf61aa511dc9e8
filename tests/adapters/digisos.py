"""DigiSos for tests: events, a whole history, and the NAV adapter with its mapping around them."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from adapters.nav import Nav
from hub.mapping import Lens, load_lens

KIND = "no.nav.digisos.digisos.soker.v1"


SAMPLES = Path(os.environ.get("LANGBENK_SAMPLES") or Path(__file__).parents[3] / "shared" / "samples")


FORMAT = SAMPLES / "norway/nav/navikt__soknadsosialhjelp-filformat"


samples = pytest.mark.skipif(not FORMAT.is_dir(), reason="the samples are not on this machine")


FILE = {"referanse": {"type": "dokumentlager", "id": "00000000-0000-4000-8000-000000000001"}}


SVARUT = {"referanse": {"type": "svarut", "id": "00000000-0000-4000-8000-000000000002", "nr": 1}}


def at(day: int, fraction: str = "000") -> str:
    return f"2026-08-{day:02}T08:00:00.{fraction}Z"


def case(day: int, status: str, reference: str = "1", **more: Any) -> dict[str, Any]:
    return {"type": "saksStatus", "hendelsestidspunkt": at(day), "referanse": reference, "status": status, **more}


def decision(day: int, outcome: str | None, reference: str = "1") -> dict[str, Any]:
    told = {"utfall": outcome} if outcome else {}
    base = {"type": "vedtakFattet", "hendelsestidspunkt": at(day), "saksreferanse": reference, "vedtaksfil": FILE}
    return {**base, **told}


WHOLE: list[dict[str, Any]] = [
    {"type": "soknadsStatus", "hendelsestidspunkt": at(1), "status": "MOTTATT"},
    {"type": "tildeltNavKontor", "hendelsestidspunkt": at(1), "navKontor": "9999"},
    case(2, "UNDER_BEHANDLING", tittel="Livsopphold"),
    decision(5, "INNVILGET"),
    {
        "type": "forelopigSvar",
        "hendelsestidspunkt": at(2),
        "forvaltningsbrev": SVARUT,
        "vedlegg": [{"tittel": "Brev", **FILE}],
    },
    {
        "type": "dokumentasjonEtterspurt",
        "hendelsestidspunkt": at(3),
        "forvaltningsbrev": FILE,
        "dokumenter": [
            {"dokumenttype": "Faktura", "innsendelsesfrist": "2026-08-31T22:30:00.000Z", "tilleggsinformasjon": "Mai"}
        ],
    },
    {
        "type": "vilkar",
        "hendelsestidspunkt": at(5),
        "vilkarreferanse": "1",
        "saksreferanse": "1",
        "utbetalingsreferanse": ["1"],
        "tittel": "Delta i samarbeidsmøte",
        "beskrivelse": "Møte i ansvarsgruppen",
        "status": "RELEVANT",
    },
    {
        "type": "dokumentasjonkrav",
        "hendelsestidspunkt": at(5),
        "dokumentasjonkravreferanse": "1",
        "saksreferanse": "1",
        "frist": "2026-09-30T21:59:59.000Z",
        "tittel": "Timeliste",
        "status": "RELEVANT",
    },
    {
        "type": "utbetaling",
        "hendelsestidspunkt": at(6),
        "utbetalingsreferanse": "1",
        "saksreferanse": "1",
        "status": "UTBETALT",
        "belop": 2500.5,
        "fom": "2026-08-01",
        "annenMottaker": False,
        "kontonummer": "12345678903",
    },
    {"type": "rammevedtak", "hendelsestidspunkt": at(6), "rammevedtaksreferanse": "1", "belop": 9000},
]


def history(*events: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "1.0.0",
        "avsender": {"systemnavn": "Eksempel", "systemversjon": "1"},
        "hendelser": list(events or WHOLE),
    }


def read(document: Any) -> Any:
    return Nav().read(json.dumps(document).encode(), KIND)


def folded(*events: dict[str, Any]) -> Any:
    return read(history(*events))["fold"]


def condition(day: int, status: str = "RELEVANT", **more: Any) -> dict[str, Any]:
    return {"type": "vilkar", "hendelsestidspunkt": at(day), "vilkarreferanse": "1", "status": status, **more}


@cache
def lens() -> Lens:
    return load_lens("mappings:nav/digisos-soker.v1.yaml")


def measures(*events: dict[str, Any]) -> dict[str, Any]:
    return {key: dict(item.content) for key, item in lens().get(read(history(*events))).get("measure", {}).items()}
