"""Barnevern XML is read without loss, refused where its format refuses it, and safe whatever it holds."""

from __future__ import annotations

import json

import pytest

from adapters.child_welfare import ChildWelfare
from adapters.child_welfare.xml_document import STRUCTURE
from hub.mapping import load_lens
from hub.sdk import Adapter, UnusableError, canonical_json
from tests.adapters.barnevern import KIND, WHOLE, canonical, children, enveloped, read, refusal, shapes


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
