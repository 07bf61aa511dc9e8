"""What is wrong with a mapping is said by row, with the reason, and stops the hub."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import SetupError
from hub.mapping import load_lens
from hub.mapping.check import Problem, check
from tests.unit.mapping.lenses import HEAD, faults, lens

GOAL = "kind: goal, each: goals, key: id"


@pytest.mark.parametrize(
    ("body", "row", "reason"),
    [
        ("colour: red", "the file", "colour"),
        (f"sections: [{{{GOAL}}}]", "sections[0]", "rows"),
        (f"sections: [{{{GOAL}, rows: [{{hub: dose, at: d}}]}}]", "sections[0].rows[0]", "a goal has no dose"),
        (f"sections: [{{{GOAL}, rows: [{{hub: title, at: a..b}}]}}]", "sections[0].rows[0]", "cannot read the path"),
        (f"sections: [{{{GOAL}, rows: [{{hub: title, at: 'a[].b'}}]}}]", "sections[0].rows[0]", "`[]`"),
        (f"sections: [{{{GOAL}, rows: [{{hub: due, at: d, pair: moon}}]}}]", "sections[0].rows[0]", "no pair moon"),
        (f"sections: [{{{GOAL}, rows: [{{hub: status, at: s, codes: none}}]}}]", "sections[0].rows[0]", "no table"),
        (
            f"sections: [{{{GOAL}, rows: [{{hub: title, at: id}}]}}]",
            "sections[0].rows[0]",
            "the place of sections[0].key",
        ),
        (
            f"sections: [{{{GOAL}, where: {{t: x}}, rows: [{{hub: title, at: t}}]}}]",
            "sections[0].rows[0]",
            "the place of sections[0].where",
        ),
        (
            f"sections: [{{{GOAL}, rows: [{{hub: title, at: a}}, {{hub: status, at: a.b}}]}}]",
            "sections[0].rows[1]",
            "around or inside",
        ),
        (
            f"sections: [{{{GOAL}, rows: [{{hub: title, at: a}}, {{hub: title, at: b}}]}}]",
            "sections[0].rows[1]",
            "title has a row already",
        ),
        (
            f"sections: [{{{GOAL}, rows: [{{hub: title, at: a}}]}}, {{{GOAL}, rows: [{{hub: title, at: a}}]}}]",
            "sections[1]",
            "give both a `where` that differs",
        ),
        (
            "frame: {rows: [{hub: title, at: goals}]}\n" + f"sections: [{{{GOAL}, rows: [{{hub: title, at: a}}]}}]",
            "sections[0].each",
            "the place of frame.rows[0]",
        ),
        ("frame: {rows: [{hub: title, at: ^a}]}", "frame.rows[0]", "inside a section"),
        ("sections: [}", "line 7", "not YAML"),
    ],
)
def test_a_fault_is_named_by_row_and_reason(body: str, row: str, reason: str) -> None:
    found = faults(body)

    assert [fault.row for fault in found] == [row]
    assert reason in found[0].reason


@pytest.mark.parametrize(
    "body",
    [
        f"sections: [{{{GOAL}, rows: [{{hub: title, at: a}}]}}]",
        "frame: {rows: [{hub: title, at: a}]}",
        "identity: [{fact: name, at: a}]",
    ],
)
def test_an_element_without_categories_is_a_fault(body: str) -> None:
    found = faults(body, HEAD.replace("categories: [education]", ""))

    assert [fault.reason[:13] for fault in found] == ["no categories"]


def test_a_fact_the_law_names_is_its_own_category() -> None:
    assert faults("identity: [{fact: birth_date, at: a}]", HEAD.replace("categories: [education]", "")) == []


def test_a_mapping_is_named_by_its_path() -> None:
    assert [fault.row for fault in faults("frame: {rows: [{hub: title, at: a}]}", HEAD.replace("test/", "other/"))] == [
        "lens"
    ]


def test_a_broken_mapping_stops_the_hub_with_file_row_and_way_out() -> None:
    with pytest.raises(SetupError, match=r"test/test\.v1\.yaml[\s\S]*frame\.rows\[0\][\s\S]*langbenk mapping check"):
        lens("frame: {rows: [{hub: dose, at: a}]}")


@pytest.mark.parametrize("reference", ["mappings:no/such.v1.yaml", "no_such_package:a/b.v1.yaml"])
def test_a_mapping_that_is_not_there_is_a_set_up_error(reference: str) -> None:
    with pytest.raises(SetupError, match="no such mapping"):
        load_lens(reference)


# ── check ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """A mapping in a folder of its own, with its own code table and one example."""
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "own.yaml").write_text("table: [[active, A]]\n")
    file = tmp_path / "test" / "test.v1.yaml"
    (tmp_path / "test" / "test.v1.examples").mkdir(parents=True)
    file.write_text(HEAD + f"sections: [{{{GOAL}, rows: [{{hub: status, at: s, codes: own}}]}}]\n")
    _example(file, '{"goal": {"g": {"content": {"status": "active"}, "categories": ["education"]}}}')
    return file


def _example(mapping: Path, portion: str) -> None:
    folder = mapping.with_suffix(".examples")
    (folder / "one.document.json").write_text('{"goals": [{"id": "g", "s": "A"}]}')
    (folder / "one.portion.json").write_text(portion)


def test_a_mapping_outside_the_hub_is_checked_with_its_own_tables(mapping: Path) -> None:
    assert check([mapping.parent.parent]) == []


def test_an_example_that_says_something_else_is_a_problem_with_its_place(mapping: Path) -> None:
    _example(mapping, '{"goal": {"g": {"content": {"status": "dropped"}, "categories": ["education"]}}}')
    (problem,) = check([mapping])

    assert (Path(problem.file).name, problem.row) == ("one.document.json", "goal.g.content.status")


def test_an_example_without_its_pair_is_a_problem(mapping: Path) -> None:
    (mapping.with_suffix(".examples") / "one.portion.json").unlink()

    assert [problem.row for problem in check([mapping])] == ["its examples"]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "none.v1.yaml"

    assert check([file]) == [Problem(str(file), "the file", "cannot be read: FileNotFoundError")]
