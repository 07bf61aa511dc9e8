"""A mapping in two lines, and the one the language reference shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from hub.mapping import Lens
from hub.mapping.codes import CodeTable, LabelTable, code_table, label_table
from hub.mapping.compile import Tables, compile_lens
from hub.mapping.lint import Fault
from hub.mapping.load import lens_from, read_mapping
from hub.model.change import Grant, Item, Portion

README = Path(__file__).parents[3] / "mappings" / "README.md"
CODES: dict[str, Any] = {
    "school/topic": {"table": [["education", "fag"], [["education", "sped"], "spesped"], ["health", "helse"]]},
    "school/status": {"table": [["active", "A"], ["active", "B"], ["completed", "F"]], "unknown": "keep"},
    "strict": {"table": [["active", "A"]]},
    "loose": {"table": [["active", "A"]], "unknown": "unclassified"},
    "services": {"table": [["school", "SKOLE"], ["bup", "BUP"]]},
}
HEAD = """
lens: test/test.v1
document: no.test.v1
title: Test
snapshot: full
categories: [education]
"""


def _codes(name: str) -> CodeTable:
    if name not in CODES:
        raise ValueError(f"there is no table codes/{name}.yaml")
    return code_table(name, CODES[name])


def _labels(name: str) -> LabelTable:
    return label_table(name, CODES[name])


TABLES = Tables(_codes, _labels)


def lens(body: str, head: str = HEAD) -> Lens:
    """A lens of this YAML, held to schema and lint."""
    return lens_from(head + body, "test/test.v1.yaml", TABLES)


def unheld_lens(body: str) -> Lens:
    """The same without schema and lint."""
    return compile_lens(yaml.safe_load(HEAD + body), TABLES)


def faults(body: str, head: str = HEAD) -> list[Fault]:
    return read_mapping(head + body, "test/test.v1.yaml", TABLES)[1]


def readme_lens() -> Lens:
    """The example of mappings/README.md, as it stands there."""
    text = README.read_text("utf-8").split("```yaml\n")[1].split("```")[0]
    return lens_from(text, "school/support-plan.v1.yaml", TABLES)


def all_of(*portions: Portion) -> Grant:
    kinds = {kind for portion in portions for kind in portion}
    return {kind: frozenset(key for portion in portions for key in portion.get(kind, ())) for kind in kinds}


def item(**content: Any) -> Item:
    return Item(content, frozenset({"education"}))


LENS = readme_lens()


MEASURES = """
sections:
  - {kind: measure, each: measures, key: id, rows: [{hub: title, at: text}, {hub: description, at: more}]}
"""


PLAIN = lens(MEASURES)


def whole_log() -> Any:
    measure = {"id": "m1", "type": "tiltak", "text": "Lesehjelp", "state": "B", "topic": "helse", "service": "bup"}
    return {
        "schema": "1",
        "pupil": {"id": "e1", "name": "Nora", "born": "2016-04-02T00:00:00", "photo": "…"},
        "title": "Plan",
        "measures": [measure, {"type": "tiltak", "id": 2, "text": "", "x": 1}, {"type": "other", "id": "m3"}],
    }
