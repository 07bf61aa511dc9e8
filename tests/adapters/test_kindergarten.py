"""The kindergarten's door: its support plan, its roster, its counterpart."""

from __future__ import annotations

import orjson
import pytest

from adapters.kindergarten import Kindergarten
from adapters.kindergarten.counterpart import Counterpart
from hub.conformance import AdapterConformance
from hub.mapping import load_lens
from hub.sdk import UnusableError
from tests.adapters.stories import OLE, told_by

PLAN = "no.langbenk.kindergarten.v1.support-plan"


class TestKindergarten(AdapterConformance):
    adapter = Kindergarten()
    samples = told_by(Counterpart)


def test_a_wondering_is_a_need_and_says_which_information_it_holds() -> None:
    kind, body = Counterpart([OLE]).first_document(OLE.id)
    portion = load_lens("mappings:kindergarten/support-plan.v1.yaml").get(Kindergarten().read(body, kind))

    (need,) = portion["need"].values()

    assert need.content["title"] == "Snakker lite i lek"
    assert (need.categories, need.free_text) == ({"education"}, True)


def test_a_schools_plan_is_not_a_kindergartens() -> None:
    _, body = Counterpart([OLE]).first_document(OLE.id)
    other = {**orjson.loads(body), "schema": "no.langbenk.school.v1.support-plan"}

    with pytest.raises(UnusableError) as refusal:
        Kindergarten().read(orjson.dumps(other), PLAN)

    assert refusal.value.place == "$.schema"


def test_the_counterpart_shows_the_plan_it_received() -> None:
    kindergarten = Counterpart([OLE])
    _, body = kindergarten.change(OLE.id, "measure")
    kindergarten.receive(PLAN, body)

    assert any(line.startswith("Tiltak: Lesestund i liten gruppe") for line in kindergarten.shows(OLE.id))


def test_the_roster_of_a_kindergarten_says_where_the_contact_works() -> None:
    kind, body = Counterpart([OLE]).change(OLE.id, "roster")
    lens = load_lens("mappings:kindergarten/oneroster.v1.yaml")

    (part,) = lens.parts(Kindergarten().read(body, kind))
    people = {item.content["role"]: item for item in lens.get(part)["participant"].values()}

    assert people["contact"].content["service"] == "kindergarten"
    assert people["guardian"].about == "parent"
