"""Whatever is asked of the rooms of a plan's view, the answer is one the API describes, and no fault of the hub's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.model.codes import CODES
from tests.unit.api.conftest import KINDERGARTEN, OFFICE, SCHOOL, World

WORDS = st.text(max_size=40) | st.sampled_from(["", "*", '"x"', 'W/"1"', "0", "-1", "1e9", "9" * 30, "nb", "school-1"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "person": JSON, "categories": JSON, "system": JSON, "plan": JSON, "repair": JSON, "after": JSON, "limit": JSON,
    },
)  # fmt: skip
PATHS = (
    ("GET", "/v1/own-plans"),
    ("GET", "/v1/plans/{id}/changes"),
    ("GET", "/v1/plans/{id}/versions"),
    ("POST", "/v1/plans/{id}/resync"),
    ("POST", "/v1/plans/{id}/resyncs"),
    ("POST", "/v1/reconciliations"),
    ("GET", "/v1/plans/{id}/elements/{element}/categories"),
    ("PUT", "/v1/plans/{id}/elements/{element}/categories"),
    ("GET", "/fhir/CarePlan/{id}"),
    ("POST", "/fhir/CarePlan/_search"),
)
SAID = "an unlikely word that nobody repeats"


def header(value: str) -> str:
    """What a client can send at all."""
    return "".join(sign for sign in value if 32 <= ord(sign) < 127)


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_is_answered_as_described(world: World, plan: dict[str, Any], data: st.DataObject) -> None:
    method, template = data.draw(st.sampled_from(PATHS))
    ids = st.sampled_from([plan["id"], "0" * 32, "x"])
    path = template.replace("{id}", data.draw(ids)).replace("{element}", data.draw(ids))
    by = data.draw(st.sampled_from([None, SCHOOL, KINDERGARTEN, OFFICE]))
    names = ("If-Match", "If-None-Match", "Idempotency-Key", "Langbenk-Person", "Accept-Language")
    headers = {name: header(data.draw(WORDS)) for name in data.draw(st.sets(st.sampled_from(names)))}
    params = {
        name: data.draw(WORDS) for name in data.draw(st.sets(st.sampled_from(["since", "after", "language", SAID])))
    }
    body: dict[str, Any] = {"json": data.draw(FIELDS | JSON)} if method != "GET" and "fhir" not in path else {}
    if "fhir" in path and method == "POST":
        body = {"content": data.draw(st.binary(max_size=60) | WORDS.map(str.encode))}

    answer = world.call(method, path, by=by, headers=headers, params=params, **body)

    assert answer.status_code < 500, answer.text
    assert SAID not in answer.text
    if answer.status_code >= 400 and "fhir" not in path:
        assert answer.json()["code"] in CODES


@pytest.mark.parametrize(("method", "template"), PATHS)
def test_every_answer_that_can_come_is_described(world: World, method: str, template: str) -> None:
    described = world.call("GET", "/openapi.json", by=None).json()["paths"][template][method.lower()]["responses"]

    assert {"401", "403", "503"} <= described.keys()
