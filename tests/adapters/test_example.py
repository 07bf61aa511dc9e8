"""The example passes the kit it shows a vendor, and its README shows files that are there."""

from __future__ import annotations

import re
from pathlib import Path
from types import MappingProxyType

import orjson
import pytest

from adapters.example import ArtsSchool
from hub.conformance import AdapterConformance, Subject, report, samples_in
from hub.sdk import UnusableError

ROOM = Path(__file__).parents[2] / "adapters" / "example"
KIND = "no.langbenk.example.v1.activities"
MEMBER = {
    "member": {"number": "M-17", "joined": "2024"},
    "activities": [{"code": "drum-1", "name": "Slagverk", "note": "Vil helst øve alene først.", "place": "given"}],
    "staff": [{"initials": "IT", "name": "Ine Testmusiker", "mail": "ine@kulturskole.example"}],
}
SAMPLES = {KIND: [orjson.dumps(MEMBER)]}


class TestExample(AdapterConformance):
    adapter = ArtsSchool()
    samples = SAMPLES
    bad = MappingProxyType({KIND: [b'{"activities": []}', b'{"member": {"number": 17}}']})


def test_the_report_lists_every_check_and_shows_no_unchecked_one_as_passed() -> None:
    results = {result.code: result.state for result in report(Subject(ArtsSchool(), SAMPLES, rounds=5))}

    assert {code for code, state in results.items() if state == "passed"} == {
        *("C-101", "C-104", "C-105", "C-106", "C-107", "C-109", "C-110")
    }
    assert {code for code, state in results.items() if state == "not checked"} >= {"C-102", "C-108"}


def test_samples_may_lie_in_one_folder_a_kind(tmp_path: Path) -> None:
    (tmp_path / KIND).mkdir()
    (tmp_path / KIND / "one.json").write_bytes(SAMPLES[KIND][0])

    assert samples_in(tmp_path) == SAMPLES


def test_a_code_that_the_register_cannot_have_is_refused() -> None:
    with pytest.raises(UnusableError) as refusal:
        ArtsSchool().read(b'{"member": {"number": "1"}, "activities": [{"code": "1", "place": "maybe"}]}', KIND)

    assert refusal.value.place == "$.activities[0].place"


def test_the_readme_names_files_that_are_there() -> None:
    text = (ROOM / "README.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text) + re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)

    assert links
    assert all((ROOM / link).exists() for link in links)
