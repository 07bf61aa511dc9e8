"""Nothing is left behind: no machine's paths, no unfinished words, no check switched off without its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.house.house import files, listed, name, texts

HERE = Path(__file__)
MACHINE = re.compile(r"(?<![\w.:/~-])/(?:work|home|Users|root|mnt|private)/|[A-Z]:\\\\")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|WIP|TBD)\b")
BARE_IGNORE = re.compile(r"# type: ignore(?:\[[^]]*\])?\s*$|# noqa(?!: *[A-Z]+[0-9]+ +[-–#(])")
SKIP = re.compile(r"pytest\.skip\((?!f?\"[^\"]{10,})|mark\.(?:skip|xfail)\((?!\s*reason=\")|mark\.(?:skip|xfail)\s*$")
BARE_SKIPIF = re.compile(r"mark\.skipif\((?:(?!reason=)[^\n])*\)\s*$")
MOCKED = re.compile(r"\bmock\.patch|\bunittest\.mock\b|\bmonkeypatch\.setattr\((?!sys\b)|\bmocker\b")
SLEEP = re.compile(r"\btime\.sleep\(|(?<![\w.])sleep\(")
PATTERNS = re.compile(
    r"^\s*class \w*(?:Manager|Service|Handler|Helper|Utils?|Impl)\b|^\s*class (?:Base|Abstract)[A-Z]\w*"
)


def test_no_file_knows_a_machine() -> None:
    assert not (found := _lines(texts(), MACHINE)), listed("absolute paths of a machine:", found)


def test_nothing_says_of_itself_that_it_is_unfinished() -> None:
    assert not (found := _lines(texts(), UNFINISHED)), listed("finish it, or say who does and when:", found)


def test_no_check_is_switched_off_without_a_reason() -> None:
    found = _lines(files("hub", "adapters"), BARE_IGNORE)

    assert not found, listed("say why after the mark, as `# type: ignore[code]  # why`:", found)


def test_no_test_is_skipped_without_a_reason() -> None:
    found = [*_lines(files("tests"), SKIP), *_lines(files("tests"), BARE_SKIPIF)]

    assert not found, listed("say why a test is skipped:", found)


def test_nothing_of_ours_is_mocked() -> None:
    assert not (found := _lines(files("tests"), MOCKED)), listed("use the real part:", found)


def test_no_test_waits_for_a_fixed_time() -> None:
    found = _lines([path for path in files("tests") if "bench" not in path.parts], SLEEP)

    assert not found, listed("wait for what should happen, with an event or a turn:", found)


def test_no_class_is_called_after_a_pattern() -> None:
    assert not (found := _lines(files("hub", "adapters", "tests"), PATTERNS)), listed("call it what it is:", found)


def _lines(paths: Iterable[Path], wrong: re.Pattern[str]) -> list[str]:
    return [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        if path != HERE
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wrong.search(line)
    ]
