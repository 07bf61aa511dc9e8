"""A DigiSos history is read whole, told as it stands, and refused only where its own schema refuses it."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT6

from adapters.nav import Nav
from hub.mapping import Lens, load_lens
from hub.sdk import Adapter, UnusableError, canonical_json

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


def test_the_door_is_an_adapter() -> None:
    assert isinstance(Nav(), Adapter)
    assert not Nav().manifest.reads[0].names_child


def test_a_history_is_written_as_it_was_read() -> None:
    written = Nav().write(read(history()), KIND)

    assert canonical_json(json.loads(written)) == canonical_json(history())


def test_a_document_whose_history_was_cleaned_away_is_never_written() -> None:
    with pytest.raises(UnusableError, match="read only"):
        Nav().write(lens().clean(read(history())), KIND)


def test_every_kind_of_event_that_may_be_told_becomes_a_measure_about_a_parent() -> None:
    portion = lens().get(read(history()))

    assert {item.about for item in portion["measure"].values()} == {"parent"}
    assert measures() == {
        "soknad": {
            "kind": "application",
            "title": "Søknad om økonomisk sosialhjelp",
            "status": "proposed",
            "start": "2026-08-01",
        },
        "sak/1": {
            "kind": "case",
            "title": "Livsopphold",
            "status": "completed",
            "start": "2026-08-02",
            "end": "2026-08-05",
        },
        "vilkar/1": {
            "kind": "condition",
            "title": "Delta i samarbeidsmøte",
            "description": "Møte i ansvarsgruppen",
            "status": "active",
            "start": "2026-08-05",
        },
        "dokumentasjonkrav/1": {
            "kind": "documentation",
            "title": "Timeliste",
            "status": "active",
            "start": "2026-08-05",
            "due": "2026-09-30",
        },
        "etterspurt/Faktura": {
            "kind": "requested_documentation",
            "title": "Faktura",
            "description": "Mai",
            "status": "active",
            "due": "2026-09-01",
        },
    }


def test_money_letters_and_the_history_itself_are_never_kept() -> None:
    kept = json.dumps(lens().clean(read(history())))

    assert not [word for word in ("2500", "9000", "12345678903", "dokumentlager", "hendelser") if word in kept]


def test_the_later_event_wins_whatever_its_place_in_the_file() -> None:
    assert measures(case(4, "BEHANDLES_IKKE"), case(3, "UNDER_BEHANDLING"))["sak/1"]["status"] == "cancelled"
    assert measures(decision(3, "AVSLATT"), case(2, "UNDER_BEHANDLING"))["sak/1"]["status"] == "completed"
    assert measures(decision(3, "AVSLATT"), case(4, "UNDER_BEHANDLING"))["sak/1"]["status"] == "active"


def test_fractions_of_a_second_order_events_by_value_and_not_by_length() -> None:
    early = {**case(1, "BEHANDLES_IKKE"), "hendelsestidspunkt": at(1, "09")}
    late = {**case(1, "UNDER_BEHANDLING"), "hendelsestidspunkt": at(1, "1")}

    assert measures(late, early)["sak/1"]["status"] == "active"


def test_a_new_status_keeps_the_title_an_earlier_event_gave() -> None:
    assert measures(case(1, "UNDER_BEHANDLING", tittel="Strøm"), case(2, "BEHANDLES_IKKE"))["sak/1"]["title"] == "Strøm"


def test_a_decision_may_come_before_its_case_and_tell_no_outcome() -> None:
    assert measures(decision(3, None))["sak/1"] == {
        "kind": "case",
        "title": "Sak",
        "status": "completed",
        "start": "2026-08-03",
        "end": "2026-08-03",
    }


@pytest.mark.parametrize("outcome", ["INNVILGET", "DELVIS_INNVILGET", "AVSLATT", "AVVIST", None])
def test_no_outcome_of_a_decision_is_told_from_another(outcome: str | None) -> None:
    assert measures(case(1, "UNDER_BEHANDLING"), decision(3, outcome)) == measures(
        case(1, "UNDER_BEHANDLING"), decision(3, "INNVILGET")
    )


def test_a_hidden_case_hides_all_that_hangs_on_it_and_all_that_may() -> None:
    events = (
        case(1, "IKKE_INNSYN"),
        case(1, "UNDER_BEHANDLING", "2"),
        decision(2, "INNVILGET"),
        condition(2, saksreferanse="1"),
        {**condition(2), "vilkarreferanse": "2"},
        {**condition(2, saksreferanse="2"), "vilkarreferanse": "3"},
    )

    assert set(measures(*events)) == {"sak/2", "vilkar/3"}
    assert "skjult" not in lens().clean(read(history(*events)))["fold"]


def test_a_case_that_is_hidden_no_longer_is_told_again() -> None:
    assert set(measures(case(1, "IKKE_INNSYN"), case(2, "UNDER_BEHANDLING"), condition(3, saksreferanse="1"))) == {
        "sak/1",
        "vilkar/1",
    }


def test_a_mistake_and_an_annulled_condition_are_deleted_whatever_was_decided() -> None:
    portion = lens().get(read(history(case(1, "FEILREGISTRERT"), decision(3, "INNVILGET"), condition(3, "ANNULLERT"))))

    assert {key: item.deleted for key, item in portion["measure"].items()} == {"sak/1": True, "vilkar/1": True}


def test_each_request_for_documents_takes_the_place_of_the_one_before() -> None:
    ask = WHOLE[5]
    two = [{**ask["dokumenter"][0]}, {**ask["dokumenter"][0], "dokumentreferanse": "d-2"}, {**ask["dokumenter"][0]}]

    assert set(measures(ask, {**ask, "hendelsestidspunkt": at(9), "dokumenter": two})) == {
        "etterspurt/Faktura",
        "etterspurt/d-2",
        "etterspurt/Faktura/2",
    }
    assert measures(ask, {**ask, "hendelsestidspunkt": at(9), "dokumenter": []}) == {}


def test_an_instant_that_no_calendar_has_tells_no_day() -> None:
    odd = {**case(1, "UNDER_BEHANDLING"), "hendelsestidspunkt": "2026-02-31T08:00:00.0Z"}

    assert "start" not in measures(odd)["sak/1"]


def test_an_event_of_an_unknown_type_is_kept_and_reported_by_its_place() -> None:
    document = read(history(*WHOLE, {"type": "nyHendelse", "hendelsestidspunkt": at(9), "x": 1}))

    assert json.loads(Nav().write(document, KIND))["hendelser"][-1]["x"] == 1
    assert "fold.ukjent" in " ".join(each.place for each in lens().unmapped(document))


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"", "line 1 column 1"),
        (b"{", "line 1 column 2"),
        (b"<Barnevern/>", "line 1 column 1"),
        (b"[]", "$"),
        (b"{}", "$"),
        (json.dumps(history({**WHOLE[0], "status": "Kari"})).encode(), "$.hendelser[0].status"),
        (
            json.dumps(history({**WHOLE[0], "hendelsestidspunkt": "i dag"})).encode(),
            "$.hendelser[0].hendelsestidspunkt",
        ),
    ],
)
def test_what_is_no_history_is_refused_with_its_place_and_no_value(raw: bytes, place: str) -> None:
    with pytest.raises(UnusableError) as refused:
        Nav().read(raw, KIND)

    assert refused.value.place == place
    assert "Kari" not in str(refused.value)


def test_a_document_kind_of_another_sector_is_refused() -> None:
    with pytest.raises(UnusableError) as reading:
        Nav().read(b"{}", "no.ssb.barnevern.fagsystem.v1.innrapportering")
    with pytest.raises(UnusableError) as writing:
        Nav().write({}, "no.ssb.barnevern.fagsystem.v1.innrapportering")

    assert (reading.value.code, writing.value.code) == ("unknown_kind", "unknown_kind")


# ── against the published schema ────────────────────────────────────────────────────────────────────────────────────


def published() -> Draft6Validator:
    root = FORMAT / "json"
    found = [(file.as_uri(), json.loads(file.read_text("utf-8"))) for file in root.rglob("*.json")]
    registry: Registry[Any] = Registry().with_resources(
        (uri, Resource.from_contents(schema, default_specification=DRAFT6)) for uri, schema in found
    )
    return Draft6Validator({"$ref": (root / "digisos/soker/digisos-soker.json").as_uri()}, registry=registry)


def reads(document: Any) -> bool:
    try:
        again = Nav().write(read(document), KIND)
    except UnusableError as error:
        assert error.place
        return False
    assert canonical_json(json.loads(again)) == canonical_json(document)
    return True


@samples
def test_every_sample_is_read_or_refused_as_the_published_schema_says() -> None:
    schema, found = published(), {True: 0, False: 0}
    for file in sorted([*SAMPLES.rglob("soker/*.json"), *SAMPLES.rglob("digisos-soker*.json")]):
        document = json.loads(file.read_bytes())
        if "$schema" not in document:
            assert reads(document) == schema.is_valid(document), file
            found[reads(document)] += 1

    assert found[True] >= 1
    assert found[False] >= 3


@samples
@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.long)])
def test_mutations_are_read_or_refused_as_the_published_schema_says(stride: int) -> None:
    schema, found = published(), {True: 0, False: 0}
    assert schema.is_valid(history())
    for number, (place, document) in enumerate(mutations(history())):
        if number % stride == 0:
            assert reads(document) == schema.is_valid(document), place
            found[reads(document)] += 1

    assert min(found.values()) > 30


def mutations(document: Any) -> Iterator[tuple[str, Any]]:
    """Every place left out and given each of some values; an unknown type is our one leniency, tested above."""
    for path in places(document):
        if path[-1] != "type":
            yield f"{path} left out", changed(document, path, ...)
            for value in ("", "1.0.0", "9999", "UTBETALT", "AVVIST", at(1), "2026-08-01", True, 3, 3.5, [], {}, None):
                yield f"{path} = {value!r}", changed(document, path, value)


def places(node: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in pairs:
        yield (*above, step)
        yield from places(child, (*above, step))


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    copied = place = copy.deepcopy(document)
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copied
