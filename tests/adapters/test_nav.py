"""A DigiSos history is read whole and told as it stands."""

from __future__ import annotations

import json

import pytest

from adapters.nav import Nav
from hub.sdk import Adapter, UnusableError, canonical_json
from tests.adapters.digisos import KIND, WHOLE, at, case, condition, decision, history, lens, measures, read


def test_the_door_is_an_adapter() -> None:
    assert isinstance(Nav(), Adapter)
    assert not Nav().manifest.reads[0].names_child


def test_a_history_is_written_as_it_was_read() -> None:
    written = Nav().write(read(history()), KIND)

    assert canonical_json(json.loads(written)) == canonical_json(history())


def test_a_document_whose_history_was_cleaned_away_is_never_written() -> None:
    with pytest.raises(UnusableError, match="read only"):
        Nav().write(lens().clean(read(history())), KIND)


TOLD = {
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
"""What may be told of the whole history, by the kind of event."""


def test_every_kind_of_event_that_may_be_told_becomes_a_measure_about_a_parent() -> None:
    portion = lens().get(read(history()))

    assert {item.about for item in portion["measure"].values()} == {"parent"}
    assert measures() == TOLD


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
