"""Barnevern XML is read without loss, refused where its format refuses it, and safe whatever it holds."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from adapters.child_welfare import ChildWelfare
from adapters.child_welfare.structure import Shape, is_date, is_instant
from adapters.child_welfare.xml_document import STRUCTURE
from hub.mapping import load_lens
from hub.sdk import Adapter, UnusableError, canonical_json

KIND = "no.ssb.barnevern.fagsystem.v1.innrapportering"
SAMPLES = Path(os.environ.get("LANGBENK_SAMPLES") or Path(__file__).parents[3] / "shared" / "samples")
XSD = SAMPLES / "norway/barnevern/statisticsnorway__barn-barnevern-xsd/src/main/resources/Barnevern_v4.xsd"
samples = pytest.mark.skipif(not XSD.is_file(), reason="the samples are not on this machine")

# One of everything the format has, made up for this test.
WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<?styling none?>
<Barnevern xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="v4.xsd"
  Id="00000000-0000-4000-8000-000000000001" DatoUttrekk="2026-09-01T02:00:00.5+02:00">
  <Fagsystem Leverandor="Eksempel" Navn="Test &amp; Co &quot;&lt;&#10;" Versjon="1"/><!-- a remark -->
  <Avgiver Organisasjonsnummer="310000000" Kommunenummer="9999" Kommunenavn="Testvik" Bydelsnummer="01"
    Bydelsnavn="Øst"/>
  <Sak Id="00000000-0000-4000-8000-000000000002" StartDato="2026-02-10" SluttDato="2026-09-01" MigrertId="7"
    Journalnummer="2026-1" Avsluttet="false" ErSlettet="0">
    <Personalia Id="00000000-0000-4000-8000-000000000003" StartDato="2025-02-10" Fodselsnummer="14061500100"
      Fodseldato="2015-06-14" Kjonn="2" DUFnummer="201500000001"/>
    <Personalia Id="00000000-0000-4000-8000-000000000004" StartDato="2026-02-10" Fodselsnummer="14861560032"
      Fodseldato="2015-06-14" Kjonn="2"/>
    <Melding Id="00000000-0000-4000-8000-000000000005" StartDato="2026-02-10">
      <Melder Kode="22" Presisering="Fritidsleder"/><Saksinnhold Kode="1.1.02"/>
      <Konklusjon SluttDato="2026-02-16" Kode="10" ErSlettet="false"/>
    </Melding>
    <Undersokelse Id="00000000-0000-4000-8000-000000000006" StartDato="2026-02-16">
      <Vedtaksgrunnlag Kode="2.1.03"/>
      <BarnetsMedvirkning><StartDato>2026-03-02</StartDato><MedvirkningType>1.1</MedvirkningType></BarnetsMedvirkning>
      <UtvidetFrist StartDato="2026-04-01" Innvilget="1"/>
      <Konklusjon SluttDato="2026-05-11" Kode="5" Presisering="Flyttet"/>
    </Undersokelse>
    <Plan Id="00000000-0000-4000-8000-000000000007" StartDato="2026-05-18" Plantype="1">
      <Evaluering UtfortDato="2026-08-20"/><Evaluering UtfortDato="2026-11-20Z"/><Konklusjon SluttDato="2026-12-01"/>
    </Plan>
    <Tiltak Id="00000000-0000-4000-8000-000000000008" StartDato="2026-05-18">
      <Lovhjemmel><Lov>BVL2021</Lov><Kapittel>3</Kapittel><Paragraf>1</Paragraf><Ledd>1</Ledd><Ledd>2</Ledd>
        <Bokstav>a</Bokstav><Punktum>1</Punktum></Lovhjemmel>
      <JmfrLovhjemmel><Lov>BVL</Lov><Kapittel>4a</Kapittel><Paragraf>12b</Paragraf></JmfrLovhjemmel>
      <Kategori Kode="4.99" Presisering="Ridning"/>
      <Tiltaksgrunnlag Kode="36"/>
      <Tilsyn>
        <Ansvarlig Id="00000000-0000-4000-8000-000000000009" StartDato="2026-05-18" Kommunenummer="9999"/>
        <Hyppighet Id="00000000-0000-4000-8000-00000000000a" StartDato="2026-05-18" Kode="4"/>
        <Utfort Id="00000000-0000-4000-8000-00000000000b" UtfortDato="2026-06-18"/>
      </Tilsyn>
      <Oppfolging><Hyppighet Id="00000000-0000-4000-8000-00000000000c" StartDato="2026-05-18" Kode="2"/></Oppfolging>
      <Opphevelse Kode="4" Presisering="Ønsket slutt"/>
      <Konklusjon SluttDato="2026-08-15"/>
    </Tiltak>
    <Vedtak Id="00000000-0000-4000-8000-00000000000d" StartDato="2026-05-11">
      <Lovhjemmel><Lov>BVL2021</Lov><Kapittel>3</Kapittel><Paragraf>1</Paragraf></Lovhjemmel>
      <Krav Id="00000000-0000-4000-8000-00000000000e" StartDato="2026-05-01">
        <Konklusjon SluttDato="2026-05-02" Kode="9" Presisering="Trukket"/></Krav>
      <Status Id="00000000-0000-4000-8000-00000000000f" EndretDato="2026-05-11" Kode="1"/>
      <Konklusjon SluttDato="2026-12-01"/>
    </Vedtak>
    <Ettervern Id="00000000-0000-4000-8000-000000000010" TilbudSendtDato="2026-08-01">
      <Konklusjon SluttDato="2026-08-02" Kode="3"/></Ettervern>
    <OversendelseFylkesnemnd Id="00000000-0000-4000-8000-000000000011" StartDato="2026-05-01">
      <Lovhjemmel><Lov>BL1981</Lov><Kapittel>1</Kapittel><Paragraf>1</Paragraf></Lovhjemmel>
    </OversendelseFylkesnemnd>
    <Flytting Id="00000000-0000-4000-8000-000000000012" SluttDato="2026-08-01">
      <ArsakFra Kode="1.1.5" Presisering="Annet"/><FlyttingTil Kode="8" Presisering="Annet"/></Flytting>
    <Relasjon Id="00000000-0000-4000-8000-000000000013" FraId="7" FraType="Melding"
      TilId="00000000-0000-4000-8000-000000000006" TilType="Undersokelse"/>
    <Slettet Id="00000000-0000-4000-8000-000000000014" Type="Tiltak" SluttDato="2026-08-01"/>
  </Sak>
</Barnevern>
<?the end?>"""

Mutate = Callable[[Any], None]


def read(raw: str | bytes) -> Any:
    return ChildWelfare().read(raw if isinstance(raw, bytes) else raw.encode(), KIND)


def refusal(raw: str | bytes) -> UnusableError:
    with pytest.raises(UnusableError) as refused:
        read(raw)
    return refused.value


def canonical(raw: bytes) -> bytes:
    tree = etree.fromstring(raw).getroottree()
    written: bytes = etree.tostring(tree, method="c14n", with_comments=False)
    return written


def enveloped(xml: str, **more: Any) -> bytes:
    return json.dumps({"xsdVersion": 4, "xmlBody": xml, **more}).encode()


def test_the_door_is_an_adapter() -> None:
    assert isinstance(ChildWelfare(), Adapter)


def test_a_case_is_written_as_it_was_read() -> None:
    written = ChildWelfare().write(read(WHOLE), KIND)

    assert canonical(written) == canonical(WHOLE.encode())


def test_an_envelope_is_written_as_it_was_read() -> None:
    raw = enveloped(WHOLE, note="kept")
    written = ChildWelfare().write(read(raw), KIND)

    envelope, again = json.loads(raw), json.loads(written)
    assert canonical(again.pop("xmlBody").encode()) == canonical(envelope.pop("xmlBody").encode())
    assert again == envelope


def test_reading_twice_gives_the_same_document() -> None:
    once = read(WHOLE)

    assert canonical_json(read(ChildWelfare().write(once, KIND))) == canonical_json(once)


def test_attributes_and_children_share_no_name_on_any_element() -> None:
    assert not [name for shape in shapes(STRUCTURE) for name in shape.attributes if name in children(shape)]


def test_the_child_is_named_by_the_newest_number_and_never_by_a_constructed_one() -> None:
    assert read(WHOLE)["child"] == {"fnr": "14861560032"}
    assert read(WHOLE.replace("14861560032", "54861560032"))["child"] == {"dnr": "54861560032"}
    assert read(WHOLE.replace("14861560032", "14061599999"))["child"] == {}
    assert read(WHOLE.replace('StartDato="2025', 'StartDato="2027'))["child"] == {"duf": "201500000001"}


def test_a_date_may_carry_a_zone_which_says_nothing_of_a_day() -> None:
    lens = load_lens("mappings:child_welfare/barnevern.v4.yaml")
    zoned = read(WHOLE.replace('"2026-05-18"', '"2026-05-18+02:00"'))

    assert {item.content.get("start") for item in lens.get(zoned)["measure"].values()} == {"2026-05-18", "2026-05-11"}


def test_what_stands_between_the_lines_is_folded_beside_what_was_said() -> None:
    case = read(WHOLE)["Barnevern"]["Sak"]

    assert case["Plan"][0]["fold"] == {
        "hva": "plan",
        "tilstand": "avsluttet",
        "evaluert": ["2026-08-20", "2026-11-20"],
    }
    assert case["Tiltak"][0]["fold"] == {"tilstand": "avsluttet", "kategori": "4.99"}
    assert case["Vedtak"][0]["fold"] == {"hva": "vedtak", "tilstand": "avsluttet"}


@pytest.mark.parametrize("says", ['ErSlettet="true"', 'ErSlettet="1"'])
def test_what_is_said_to_be_deleted_is_folded_as_deleted(says: str) -> None:
    alone = read(WHOLE.replace('Plantype="1"', f'Plantype="1" {says}'))["Barnevern"]["Sak"]
    whole = read(WHOLE.replace('ErSlettet="0"', says))["Barnevern"]["Sak"]

    assert alone["Plan"][0]["fold"]["tilstand"] == "slettet"
    assert {whole[name][0]["fold"]["tilstand"] for name in ("Plan", "Tiltak", "Vedtak")} == {"slettet"}


def test_an_item_that_stands_beside_its_tombstone_is_folded_as_deleted() -> None:
    tomb = WHOLE.replace("000000000014", "000000000008")

    assert read(tomb)["Barnevern"]["Sak"]["Tiltak"][0]["fold"]["tilstand"] == "slettet"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('Plantype="1"', 'Plantype="9"', "/Barnevern/Sak/Plan[1]/@Plantype"),
        ('Plantype="1"', "", "/Barnevern/Sak/Plan[1]/@Plantype"),
        ('Plantype="1"', 'Plantype="1" Navn="Kari"', "/Barnevern/Sak/Plan[1]/@*"),
        ("<Lov>BVL2021</Lov>", "<Lov>Kari</Lov>", "/Barnevern/Sak/Tiltak[1]/Lovhjemmel/Lov"),
        ('<Kategori Kode="4.99" Presisering="Ridning"/>', "", "/Barnevern/Sak/Tiltak[1]/Kategori"),
        ("<Ettervern", "Kari<Ettervern", "/Barnevern/Sak"),
        ("<Ettervern", "<Kari/><Ettervern", "/Barnevern/Sak/*[8]"),
        ('-4000-8000-000000000007"', '-7000-8000-000000000007"', "/Barnevern/Sak/Plan[1]/@Id"),
        ("000000000004", "000000000003", "/Barnevern/Sak/Personalia[2]/@Id"),
    ],
)
def test_a_refusal_names_the_place_and_no_person(old: str, new: str, place: str) -> None:
    error = refusal(WHOLE.replace(old, new, 1))

    assert (error.code, error.place) == ("unreadable", place)
    assert "Kari" not in str(error)


def test_a_refusal_inside_an_envelope_says_so() -> None:
    error = refusal(enveloped(WHOLE.replace('Plantype="1"', "")))

    assert error.place == "$.xmlBody /Barnevern/Sak/Plan[1]/@Plantype"


@pytest.mark.parametrize(
    ("raw", "code", "place"),
    [
        (b"", "unreadable", "line 1 column 1"),
        (b"\xff\xfe\x00", "unreadable", "line 1 column"),
        (b"<Barnevern>", "unreadable", "line 1 column"),
        (b"<Barnevern>&kari;</Barnevern>", "unreadable", "line 1 column"),
        (b"<Individ/>", "wrong_type", "/"),
        (b'<Barnevern xmlns="urn:x"/>', "wrong_type", "/"),
        (b"{", "unreadable", "line 1 column"),
        (b"{}", "unreadable", "$.xsdVersion"),
        (enveloped("<Barnevern/>", xsdVersion=3), "unreadable", "$.xsdVersion"),
        (b'{"xsdVersion": 4, "xmlBody": 7}', "unreadable", "$.xmlBody"),
        (enveloped("no xml"), "unreadable", "$.xmlBody line 1 column 1"),
    ],
)
def test_what_is_no_such_document_is_refused_with_its_place(raw: bytes, code: str, place: str) -> None:
    error = refusal(raw)

    assert error.code == code
    assert (error.place or "").startswith(place)
    assert error.way_out


BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "dtd",
    [
        "<!DOCTYPE Barnevern>",
        '<!DOCTYPE Barnevern SYSTEM "file:///etc/passwd">',
        f'<!DOCTYPE Barnevern [<!ENTITY e0 "x">{BOMB}]>',
        '<!DOCTYPE Barnevern [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Barnevern [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x"> %e;]>',
    ],
)
@pytest.mark.parametrize("used", ["", "&e11;", "&e;"])
def test_a_dtd_is_refused_before_anything_it_says_is_done(dtd: str, used: str) -> None:
    body = WHOLE.partition("?>")[2].replace("Test", used)

    assert refusal(dtd + body).code == "unreadable"
    assert refusal(dtd + WHOLE.partition("?>")[2].replace("<Kapittel>3", f"<Kapittel>{used}")).code == "unreadable"


def test_other_encodings_are_read_as_what_they_say() -> None:
    said = WHOLE.replace("UTF-8", "ISO-8859-1")

    assert read(said.encode("latin-1"))["Barnevern"] == read(WHOLE)["Barnevern"]
    assert read(enveloped(said))["Barnevern"] == read(WHOLE)["Barnevern"]
    assert read(b"\xef\xbb\xbf" + WHOLE.encode())["Barnevern"] == read(WHOLE)["Barnevern"]


def test_a_document_kind_of_another_sector_is_refused() -> None:
    with pytest.raises(UnusableError) as reading:
        ChildWelfare().read(b"{}", "no.nav.digisos.digisos.soker.v1")
    with pytest.raises(UnusableError) as writing:
        ChildWelfare().write({}, "no.nav.digisos.digisos.soker.v1")

    assert (reading.value.code, writing.value.code) == ("unknown_kind", "unknown_kind")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-02-28", True),
        ("2026-02-29", False),
        ("2024-02-29Z", True),
        ("12024-02-29", True),
        ("02024-02-29", False),
        ("0000-01-01", False),
        ("2026-13-01", False),
        ("2026-01-01+14:00", True),
        ("2026-01-01+14:01", False),
        (" 2026-01-01", False),
        ("i dag", False),
    ],
)
def test_a_date_is_one_that_a_calendar_has(text: str, right: bool) -> None:
    assert is_date(text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-02-28T00:00:00Z", True),
        ("2026-02-28T24:00:00.000Z", True),
        ("2026-02-28T24:00:01Z", False),
        ("2026-02-28T10:00:60Z", False),
        ("2026-02-28T10:00:00", False),
        ("2026-02-30T10:00:00Z", False),
    ],
)
def test_an_instant_says_its_zone(text: str, right: bool) -> None:
    assert is_instant(text) == right


# ── against the published schema ────────────────────────────────────────────────────────────────────────────────────


@samples
def test_every_sample_is_read_or_refused_as_the_published_schema_says() -> None:
    schema, found = etree.XMLSchema(etree.parse(str(XSD))), {True: 0, False: 0}
    for file in sorted(SAMPLES.rglob("*.xml")):
        root = etree.parse(str(file)).getroot()
        if root.tag == "Barnevern":
            found[accepted(file.read_bytes(), schema, str(file))] += 1

    assert found[True] >= 1
    assert found[False] >= 3


@samples
def test_every_envelope_among_the_samples_is_read_and_written_without_loss() -> None:
    for file in SAMPLES.rglob("no.ssb.barnevern.fagsystem.v1.innrapportering.json"):
        sent = json.loads(file.read_text("utf-8"))
        if "xmlBody" in sent:
            again = json.loads(ChildWelfare().write(read(file.read_bytes()), KIND))

            assert canonical(again["xmlBody"].encode()) == canonical(sent["xmlBody"].encode())


@samples
@pytest.mark.parametrize("stride", [7, pytest.param(1, marks=pytest.mark.long)])
def test_mutations_are_read_or_refused_as_the_published_schema_says(stride: int) -> None:
    schema, found = etree.XMLSchema(etree.parse(str(XSD))), {True: 0, False: 0}
    assert accepted(WHOLE.encode(), schema, "whole")
    for what, raw in islice(mutations(WHOLE), 0, None, stride):
        found[accepted(raw, schema, what)] += 1

    assert min(found.values()) > 100


def accepted(raw: bytes, schema: Any, what: str) -> bool:
    """Whether both read it; fails where only one does, or where what is read is not written again."""
    valid: bool = schema.validate(etree.fromstring(raw))
    try:
        document = read(raw)
    except UnusableError as error:
        assert not valid, f"{what}: only we refuse it ({error})"
        return False
    assert valid, f"{what}: only we accept it ({schema.error_log.last_error})"
    assert canonical(ChildWelfare().write(document, KIND)) == canonical(raw), what
    return True


VALUES = (
    *(
        "",
        "1",
        "4",
        "9",
        "10",
        "99",
        "3.10",
        "1.1.02",
        "1.1",
        "a",
        "æ",
        "true",
        " 1 ",
        "x" * 37,
        "x" * 301,
        "x" * 10001,
    ),
    *("2026-02-30", "2026-02-28", "2026-02-28+01:00", "2026-02-28T10:00:00Z", "2026-02-28T10:00:00", "12345678901"),
    *("00000000-0000-4000-8000-0000000000ff", "00000000-0000-6000-8000-0000000000ff", "Tiltak", "BVL", "4a", "٣"),
)


def mutations(xml: str) -> Iterator[tuple[str, bytes]]:
    """Every attribute left out and given each value, every element left out, doubled, moved, filled and renamed."""
    for number, element in enumerate(etree.fromstring(xml.encode()).iter("*")):
        for name in element.attrib:
            yield from mutated(xml, number, f"without {name}", lambda node, name=name: node.attrib.pop(name))
            for value in VALUES:
                change = lambda node, name=name, value=value: node.set(name, value)  # noqa: E731 - bound in the loop
                yield from mutated(xml, number, f"{name}={value[:40]!r}", change)
        for value in VALUES:
            yield from mutated(xml, number, f"text {value[:40]!r}", lambda node, value=value: filled(node, value))
        yield from mutated(xml, number, "with an unknown attribute", lambda node: node.set("Ukjent", "1"))
        yield from mutated(xml, number, "renamed", lambda node: setattr(node, "tag", "Ukjent"))
        yield from mutated(xml, number, "with an unknown child", lambda node: etree.SubElement(node, "Ukjent"))
        if number:
            yield from mutated(xml, number, "left out", lambda node: node.getparent().remove(node))
            yield from mutated(xml, number, "last", lambda node: node.getparent().append(node))
            yield from mutated(xml, number, "twice", lambda node: node.addnext(again(node)))
            yield from mutated(xml, number, "twice, alike", lambda node: node.addnext(etree.fromstring(text(node))))


def mutated(xml: str, number: int, what: str, change: Mutate) -> Iterator[tuple[str, bytes]]:
    root = etree.fromstring(xml.encode())
    node = list(root.iter("*"))[number]
    told = f"{node.tag} {what}"
    change(node)
    yield told, etree.tostring(root.getroottree(), encoding="UTF-8")


def filled(node: Any, value: str) -> None:
    node.text = value


def text(node: Any) -> bytes:
    told: bytes = etree.tostring(node, with_tail=False)
    return told


def again(node: Any) -> Any:
    """The same element with ids of its own."""
    return etree.fromstring(re.sub(rb'(\WId="[^"]{30})', rb"\1", text(node)).replace(b"0000-4000", b"0001-4000"))


def shapes(shape: Shape) -> Iterator[Shape]:
    yield shape
    for child in shape.children:
        if child.shape is not None:
            yield from shapes(child.shape)


def children(shape: Shape) -> set[str]:
    return {child.name for child in shape.children}
