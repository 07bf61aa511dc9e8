"""A supervisor demands to see what was decided: the export is whole, holds no more than was asked, and is on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import orjson
import pytest

from hub.errors import UnusableError
from hub.model.official import Official
from hub.ops.audit_export import Request, export
from hub.ops.audit_file import Manifest, verify
from hub.ops.officials import Barred
from hub.ports import AuditEntry
from tests.journeys.command import Shell
from tests.journeys.systems import EVERYTHING, HOME, SYSTEMS, measure, support_plan
from tests.journeys.world import World

SCHOOL, NURSERY = SYSTEMS["school"], SYSTEMS["kindergarten"]
AUTHORITY = "authority-1"


def story(world: World, *names: str) -> None:
    """A plan of which one measure goes and one stays, for each child."""
    for name in names:
        child = world.at_table(name, SCHOOL, NURSERY, consent=False)
        world.consent(child, name, "mother", "father", categories=EVERYTHING - {"sped"})
        sped = measure("m2", "Reading with Siri", topic="special_education")
        world.tell(SCHOOL, support_plan(f"{name}@school-1", measures=[measure("m1", "A quiet start"), sped]))
        world.take(NURSERY)


def asked(world: World, **changes: Any) -> Request:
    now = world.clock.now()
    usual = Request("county_governor", "municipal_act", "2026-118", now - timedelta(days=1), now + timedelta(days=1))
    return replace(usual, **changes)


def handed(world: World, person: str = AUTHORITY, **changes: Any) -> tuple[BytesIO, Manifest | Barred]:
    out = BytesIO()
    with world.hub.store.begin() as work:
        made = export(work, world.desk, person, asked(world, **changes), out)
    return out, made


def rows(file: BytesIO, name: str) -> list[dict[str, Any]]:
    with ZipFile(file) as archive:
        return [orjson.loads(line) for line in archive.read(name).splitlines()]


def changed(file: BytesIO, name: str, change: Callable[[bytes], bytes]) -> BytesIO:
    """The same file with something in it changed, and the manifest's digest with it, as a forger would."""
    out = BytesIO()
    with ZipFile(file) as archive, ZipFile(out, "w") as forged:
        texts = {each: archive.read(each) for each in archive.namelist()}
        before, texts[name] = texts[name], change(texts[name])
        old, new = (sha256(text).hexdigest().encode() for text in (before, texts[name]))
        texts["manifest.json"] = texts["manifest.json"].replace(old, new)
        for each, text in texts.items():
            forged.writestr(each, text)
    assert texts[name] != before
    return out


def notes(world: World, action: str) -> list[AuditEntry]:
    with world.hub.store.begin() as work:
        return [line for line in work.audit.of(HOME, HOME) if line.action == action]


def test_decisions_with_their_reasons_and_the_chain_are_handed_over_and_hold_together(world: World) -> None:
    story(world, "nora", "ola")

    file, made = handed(world)
    found, decisions = verify(file), rows(file, "decisions.jsonl")

    assert isinstance(made, Manifest)
    assert (found.faults, found.manifest.digest) == ((), made.digest)
    assert {each["plan"] for each in decisions} >= set(world.plans.values())
    assert any("CON-01" in each["grounds"] and each["words"]["outcome"] for each in decisions)
    assert (made.told["authority"], made.told["basis"]) == ("county_governor", "kommuneloven § 30-4")


def test_that_it_was_handed_over_is_on_record_with_who_why_and_its_digest(world: World) -> None:
    story(world, "nora")

    _, made = handed(world)
    (line,) = notes(world, "audit.exported")

    assert isinstance(made, Manifest)
    told = {"exported_by": AUTHORITY, "reference": "2026-118", "basis": "kommuneloven § 30-4", "digest": made.digest}
    assert told.items() <= line.detail.items()
    with world.hub.store.begin() as work:
        assert work.audit.verify()


def test_nothing_of_what_the_plan_says_nor_of_another_municipality_is_in_it(world: World) -> None:
    story(world, "nora")
    elsewhere = AuditEntry("9998", world.clock.now(), "test", "secret.action", "subject-elsewhere")
    with world.hub.store.begin() as work:
        work.audit.add([elsewhere])
    story(world, "ola")

    file, _ = handed(world)
    with ZipFile(file) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist()).decode()

    assert [word for word in ("Siri", "A quiet start", "subject-elsewhere", "secret.action") if word in whole] == []
    assert verify(file).faults == ()


@pytest.mark.parametrize("about", ["child", "plan"])
def test_about_one_child_it_has_nothing_of_another(world: World, about: str) -> None:
    story(world, "nora", "ola")
    plan, other = world.plan("nora"), world.plan("ola")

    file, _ = handed(world, **{about: plan.child if about == "child" else plan.id})
    lines = rows(file, "audit.jsonl")
    whole = str(lines) + str(rows(file, "decisions.jsonl"))

    assert (plan.id in whole, other.id in whole, other.child in whole) == (True, False, False)
    assert any("entry" not in line for line in lines)
    assert verify(file).faults == ()


def test_about_one_case_it_has_that_message_and_what_came_of_it(world: World) -> None:
    story(world, "nora", "ola")
    (delivery,) = world.deliveries("nora", NURSERY)

    file, _ = handed(world, case=delivery.part)

    assert {each["plan"] for each in rows(file, "decisions.jsonl")} == {world.plans["nora"]}
    assert verify(file).faults == ()


def test_outside_the_period_there_is_nothing(world: World) -> None:
    story(world, "nora")
    now = world.clock.now()

    file, _ = handed(world, since=now + timedelta(days=1), until=now + timedelta(days=2))

    assert (rows(file, "decisions.jsonl"), rows(file, "audit.jsonl")) == ([], [])


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("audit.jsonl", b"plan.made", b"plan.mode", "not what was written"),
        ("decisions.jsonl", b'\\"shut\\"', b'\\"open\\"', "not what was kept"),
    ],
)
def test_what_was_changed_is_found_out_by_its_place(
    world: World, name: str, old: bytes, new: bytes, fault: str
) -> None:
    story(world, "nora")
    file, _ = handed(world)

    found = verify(changed(file, name, lambda text: text.replace(old, new, 1)))

    assert any(fault in each and each.startswith(name) for each in found.faults)
    assert found.manifest.digest != verify(file).manifest.digest


def test_a_line_that_was_taken_out_is_missed(world: World) -> None:
    story(world, "nora")
    file, _ = handed(world)

    found = verify(
        changed(file, "audit.jsonl", lambda text: b"\n".join([*text.splitlines()[:1], *text.splitlines()[2:]]))
    )

    assert any("a line is missing" in each for each in found.faults)


def test_a_decision_that_no_line_names_is_told(world: World) -> None:
    story(world, "nora")
    file, _ = handed(world)

    found = verify(changed(file, "audit.jsonl", lambda text: b""))

    assert any("no line of the chain names it" in each for each in found.faults)


def test_only_who_decides_for_the_municipality_hands_it_over_and_a_try_is_on_record(world: World) -> None:
    _, barred = handed(world, "coordinator-1")
    _, unknown = handed(world, "nobody-7")
    world.authorise(Official("east-1", HOME, frozenset({"decision_authority"}), district=f"{HOME}01"))
    _, of_a_district = handed(world, "east-1")

    found = (barred, unknown, of_a_district)
    assert [each.code for each in found if isinstance(each, Barred)] == ["not_authorised"] * 3
    assert len(notes(world, "audit.export_barred")) == 3


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"authority": "neighbour"}, "authority"),
        ({"basis": "gdpr"}, "basis"),
        ({"reference": "about Siri"}, "reference"),
        ({"child": "no-such-child"}, "person"),
        ({"case": "no-such-case"}, "case"),
        ({"child": "a", "plan": "b"}, "about"),
    ],
)
def test_a_request_without_a_basis_or_about_nobody_is_refused_by_its_place(
    world: World, changes: dict[str, str], place: str
) -> None:
    with pytest.raises(UnusableError) as caught:
        handed(world, **changes)

    assert caught.value.place == place


def test_the_command_writes_a_file_for_nobody_else_and_another_verifies_it(
    shell: Shell, manned: World, tmp_path: Path
) -> None:
    manned.at_table("nora", SCHOOL)
    out = tmp_path / "handed.zip"
    words = ["--authority", "data_protection", "--basis", "gdpr", "--reference", "26-1", "--from", "2026-01-01"]
    told = ["audit", "export", *words, "--to", "2099-12-31", "--out", out, "--person"]

    barred = shell.run(*told, "coordinator-1")
    done, again = shell.run(*told, AUTHORITY, "--json"), shell.run(*told, AUTHORITY)
    shell.monkeypatch.delenv("LANGBENK_MASTER_KEY")
    shell.monkeypatch.delenv("LANGBENK_DATABASE_URL")
    seen = shell.run("audit", "verify", out, "--json")
    out.write_bytes(b"not a zip")

    assert (barred.status, "not_authorised" in barred.err, again.status) == (1, True, 1)
    assert (seen.status, seen.json["faults"], seen.json["digest"]) == (0, [], done.json["digest"])
    assert done.json["files"]["audit.jsonl"]["lines"] > 0
    assert "unreadable" in shell.run("audit", "verify", out).err
    assert [each.name for each in tmp_path.glob("*.part")] == []
