"""Case files: what is not known is an error that says where, and what is not said takes its default."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from hub.errors import UnusableError
from hub.model.calendar import OSLO
from hub.policy.cases import read_cases, run_cases


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "some.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{id: X-1, reciever: ppt}", "reciever"),
        ("{id: X-1, receiver: pp}", "receiver"),
        ("{id: X-1, receiver: null}", "receiver"),
        ("{id: X-1, subject: {aged: 4}}", "subject.aged"),
        ("{id: X-1, subject: {age: old}}", "subject.age"),
        ("{id: X-1, subject: {age: true}}", "subject.age"),
        ("{id: X-1, subject: {age: -1}}", "subject.age"),
        ("{id: X-1, subject: {heard: 'yes'}}", "subject.heard"),
        ("{id: X-1, subject: {guardians: [grandmother]}}", "subject.guardians"),
        ("{id: X-1, subject: {protection: kode 6}}", "subject.protection"),
        ("{id: X-1, message: {kind: letter}}", "message.kind"),
        ("{id: X-1, message: {categories: 7}}", "message.categories"),
        ("{id: X-1, consents: {by: [mother]}}", "consents"),
        ("{id: X-1, consents: [{by: [uncle]}]}", "consents[0].by"),
        ("{id: X-1, consents: [{by: [mother], answer: maybe}]}", "consents[0].answer"),
        ("{id: X-1, consents: [{by: [mother], to: [everyone]}]}", "consents[0].to"),
        ("{id: X-1, consents: [{by: [mother], valid_to: tomorrow}]}", "consents[0].valid_to"),
        ("{id: X-1, basis: {statute: fvl-13b-4}}", "basis.statute"),
        ("{id: X-1, basis: {regulation_names: [somebody]}}", "basis.regulation_names"),
        ("{id: X-1, duty: {grounds: a}}", "duty.grounds"),
        ("{id: X-1, duty: {order: {nr: 1}}}", "duty.order.nr"),
        ("{id: X-1, plan: {coordinator: bup}}", "plan.coordinator"),
        ("{id: X-1, plan: {appoint: nobody}}", "plan.appoint"),
        ("{id: X-1, now: 2026-09-01 12:00}", "now"),
        ("{id: X-1, expect: {outcome: send}}", "expect.outcome"),
        ("{id: X-1, municipality: Bergen}", "municipality"),
    ],
)
def test_an_unknown_key_or_value_names_file_case_and_key(tmp_path: Path, text: str, place: str) -> None:
    path = written(tmp_path, f"{{id: X-0}}\n---\n{text}\n")

    with pytest.raises(UnusableError) as caught:
        run_cases(path)

    assert caught.value.place == place
    assert all(word in str(caught.value) for word in (str(path), "X-1", place))


@pytest.mark.parametrize(
    "text",
    [
        "{id: [",
        "- 1\n",
        "{id: X-1, id: X-2}",
        "just words",
        "",
        "# nothing\n",
        "---\n---\n",
        "a\x00b",
        "[" * 3000,
        "{[1]: 2}",
        "{id: X-1, subject: {age: !!int old}}",
        "{id: X-1, now: !!timestamp then}",
        "!!python/object:os.system {}",
        "&a {subject: *a}",
        "{id: X-1, subject: {heard: !!bool maybe}}",
    ],
)
def test_what_is_no_case_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnusableError):
        run_cases(written(tmp_path, text))


@pytest.mark.parametrize(
    "time", ["2026-9-1T12:00", "2026-02-30T12:00", "2026-09-01T12:00Z", "2026-09-01T24:30", "noon"]
)
def test_a_time_is_written_in_full_or_is_an_error(tmp_path: Path, time: str) -> None:
    with pytest.raises(UnusableError) as caught:
        run_cases(written(tmp_path, f"{{id: X-1, now: '{time}'}}"))

    assert caught.value.place == "now"


def test_an_empty_part_of_a_case_says_nothing(tmp_path: Path) -> None:
    told = "subject: , message: , consents: , basis: , duty: , plan: , expect: "
    empty, bare = read_cases(written(tmp_path, f"{{id: X-1, {told}}}\n---\n\n---\n{{id: X-1}}"))

    assert empty == replace(bare, disclosure=replace(bare.disclosure, bases=empty.disclosure.bases))


def test_keys_may_be_shared_between_parts_of_a_case(tmp_path: Path) -> None:
    (case,) = read_cases(written(tmp_path, "id: X-1\nsubject:\n  <<: {age: 4}\n  heard: false\n"))

    assert (case.disclosure.subject.age, case.disclosure.subject.heard) == (4, False)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="nowhere"):
        run_cases(tmp_path / "nowhere.yaml")


def test_what_is_not_said_takes_its_default(tmp_path: Path) -> None:
    (case,) = read_cases(written(tmp_path, "{id: X-1}"))

    asked = case.disclosure
    assert (asked.sender.service, asked.receiver.service) == ("school", "ppt")
    assert asked.now == datetime(2026, 9, 1, 12, tzinfo=OSLO)
    assert (asked.subject.age, asked.subject.understands, asked.subject.heard) == (8, None, True)
    assert asked.subject.guardians == {"mother", "father"}
    assert asked.message.categories == {"education"}


@pytest.mark.parametrize("word", ["no", "'no'"])
def test_no_is_no_with_and_without_quotes(tmp_path: Path, word: str) -> None:
    (case,) = read_cases(written(tmp_path, f"{{id: X-1, consents: [{{by: [mother], answer: {word}}}]}}"))

    assert [one.answer for one in case.disclosure.consents] == ["no"]


def test_a_wrong_expectation_fails_the_file_and_not_the_decision(tmp_path: Path) -> None:
    results, ok = run_cases(written(tmp_path, "{id: X-1, expect: {outcome: forward, rules: [CON-01]}}"))

    assert not ok
    assert results[0]["outcome"] == "deny"


def test_the_right_outcome_for_another_reason_fails_the_file(tmp_path: Path) -> None:
    _, ok = run_cases(written(tmp_path, "{id: X-1, expect: {outcome: deny, rules: [ADR-01]}}"))

    assert not ok
