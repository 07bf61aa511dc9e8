"""The protocol catalogue that vendors read: complete, both ways, and named as the code names its replies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.resources import files

from hub.broker import fiks
from hub.broker.asking import ANSWER, QUESTION
from hub.model.envelope import FEEDBACK, MESSAGE_ANSWER, PROPOSAL_ANSWER
from hub.sdk.directed import INFO

CATALOGUE = json.loads(files("hub.broker").joinpath("meldingstyper.json").read_text())
TYPES = {each["id"]: each for each in CATALOGUE["meldingstyper"]}
ASKED = [each for each in TYPES.values() if each["kanSvareMed"] and each["id"] != QUESTION]
FAULTS: tuple[fiks.Fault, ...] = ("ugyldigforespoersel", "serverfeil", "ikkefunnet")


def kinds_of_our_adapters() -> Iterator[str]:
    for point in entry_points(group="hub.adapters"):
        manifest = point.load().manifest
        yield from (kind.name for kind in (*manifest.reads, *manifest.writes))


def merged() -> Iterator[str]:
    """What enters a plan, or is refused there: all that is read and is no message to one named receiver."""
    for point in entry_points(group="hub.adapters"):
        yield from (kind.name for kind in point.load().manifest.reads if not kind.directed)


def plans() -> Iterator[str]:
    """What a system may both say and be told: an edit in it may be of what others own."""
    for point in entry_points(group="hub.adapters"):
        manifest = point.load().manifest
        both = {kind.name for kind in manifest.reads} & {kind.name for kind in manifest.writes}
        yield from (kind for kind in both if kind in manifest.carries)


def test_every_type_is_there_once_and_is_described() -> None:
    assert len(TYPES) == len(CATALOGUE["meldingstyper"])
    assert all(each["beskrivelse"] and each["id"].startswith("no.langbenk.") for each in TYPES.values())


def test_each_message_may_be_answered_as_the_code_answers() -> None:
    for each in ASKED:
        name = each["id"]
        answers = {fiks.received(name), fiks.receipt(name), *(fiks.fault(name, fault) for fault in FAULTS)}

        assert set(each["kanSvareMed"]) - {QUESTION, PROPOSAL_ANSWER, MESSAGE_ANSWER, FEEDBACK} == answers


def test_a_document_that_may_be_asked_about_may_be_and_one_that_may_propose_is_told_of_its_proposals() -> None:
    of_ours = {ANSWER, PROPOSAL_ANSWER, MESSAGE_ANSWER, FEEDBACK}

    assert {each["id"] for each in ASKED if QUESTION in each["kanSvareMed"]} == {e["id"] for e in ASKED} - of_ours
    assert {each["id"] for each in ASKED if PROPOSAL_ANSWER in each["kanSvareMed"]} == set(plans())


def test_what_enters_a_plan_may_be_answered_by_a_letter_that_it_ended_badly() -> None:
    told = {each["id"] for each in ASKED if MESSAGE_ANSWER in each["kanSvareMed"]}

    assert told == set(merged()) & set(TYPES)


def test_what_may_be_a_report_may_be_answered_with_feedback() -> None:
    assert [each["id"] for each in ASKED if FEEDBACK in each["kanSvareMed"]] == [INFO.name]


def test_a_question_about_a_message_is_answered_in_one_way() -> None:
    assert TYPES[QUESTION]["kanSvareMed"] == [ANSWER]


def test_question_and_answer_point_at_each_other() -> None:
    said = {(each["id"], answer) for each in TYPES.values() for answer in each["kanSvareMed"]}
    told = {(asked, each["id"]) for each in TYPES.values() for asked in each["erSvarPaa"]}

    assert said == told


def test_an_answer_is_known_as_one_and_a_message_is_not() -> None:
    for each in TYPES.values():
        assert (fiks.reply_kind(each["id"]) is None) == bool(each["kanSvareMed"])


def test_a_type_with_a_payload_says_what_its_file_is_called() -> None:
    for each in TYPES.values():
        assert each["harPayload"] == (each["payloadFilnavn"] is not None)


def test_what_cannot_be_told_apart_is_answered_in_the_hubs_own_name() -> None:
    for fault in FAULTS:
        assert fiks.fault("nonsense", fault) in TYPES


def test_every_kind_of_ours_that_an_adapter_knows_is_in_the_catalogue() -> None:
    ours = {kind for kind in kinds_of_our_adapters() if kind.startswith("no.langbenk.")}

    assert ours <= {each["id"] for each in ASKED}
