"""Barnevern XML for tests: one of everything, and what reads, refuses and compares it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from adapters.child_welfare import ChildWelfare
from adapters.child_welfare.structure import Shape
from hub.sdk import UnusableError

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


def shapes(shape: Shape) -> Iterator[Shape]:
    yield shape
    for child in shape.children:
        if child.shape is not None:
            yield from shapes(child.shape)


def children(shape: Shape) -> set[str]:
    return {child.name for child in shape.children}
