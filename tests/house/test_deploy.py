"""What is deployed is what there is: settings, commands, metrics and labels, the runbook, the collector list."""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
import yaml

from hub.cli import app
from hub.clock import SystemClock
from hub.model.official import Role
from hub.ops.config import read_config
from hub.registry import load_registry
from hub.routing import watch, watched
from hub.security.identifiers import synthetic_number
from hub.security.keys import load_keys, new_master_key
from hub.settings import PREFIX, Settings
from hub.storage import open_store
from hub.telemetry import Telemetry
from hub.telemetry.metrics import COUNTERS, DURATION, GAUGES
from hub.worker import ROLES
from tests.house.house import ROOT, listed, name

DEPLOY = ROOT / "deploy"
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
BESIDE = {"LANGBENK_SECRETS_DIR", "LANGBENK_TEST_RABBIT", "LANGBENK_TEST_POSTGRES"}
RULES = DEPLOY / "prometheus" / "rules.yaml"
DASHBOARD = DEPLOY / "grafana" / "drift-na.json"
DEAD = "rabbitmq_global_messages_dead_lettered_"
RABBIT = {
    *(
        f"rabbitmq_global_messages_dead_lettered_{why}_total"
        for why in ("rejected", "expired", "maxlen", "delivery_limit")
    ),
    *("rabbitmq_global_messages_unroutable_dropped_total", "rabbitmq_global_messages_dead_lettered_"),
    *("rabbitmq_disk_space_available_bytes", "rabbitmq_disk_space_available_limit_bytes"),
}
"""Metrics of the plug-in rabbitmq_prometheus; the last but one of the first line is the beginning of a pattern."""


def documents(path: Path) -> list[Any]:
    return [each for each in yaml.safe_load_all(path.read_text("utf-8")) if each]


def alerts() -> list[dict[str, Any]]:
    return [rule for group in documents(RULES)[0]["groups"] for rule in group["rules"]]


def metrics() -> set[str]:
    """Every name of `/metrics`, from what is declared."""
    counters = {f"{each.replace('.', '_')}_total" for each in COUNTERS}
    gauges = {each.replace(".", "_") + ("_seconds" if unit == "s" else "") for each, (unit, *_) in GAUGES.items()}
    spread = {f"{DURATION}_seconds_{part}" for part in ("bucket", "count", "sum")}
    return {*counters, *gauges, *spread, "langbenk_adapter_up", "langbenk_api_refused_total"}


def labels() -> set[str]:
    told = {label for each in watch.COUNTED.values() for label in each}
    told |= {label for _, _, named, _ in GAUGES.values() for label in named} | {watched.ADAPTER}
    return {label.replace(".", "_") for label in told}


def expressions() -> Iterator[tuple[str, str]]:
    """Each rule's and each panel's, with its name."""
    yield from ((rule["alert"], rule["expr"]) for rule in alerts())
    for panel in json.loads(DASHBOARD.read_text("utf-8"))["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel.get("targets", ()))


@pytest.mark.parametrize("path", [pytest.param(path, id=name(path)) for path in FILES])
def test_a_file_names_only_settings_that_there_are(path: Path) -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields} | BESIDE
    named = set(re.findall(r"\bLANGBENK_[A-Z_]+[A-Z]\b", path.read_text("utf-8")))

    assert named - known == set()


def test_secrets_that_are_mounted_are_settings() -> None:
    (secret,) = documents(DEPLOY / "kubernetes" / "secret.example.yaml")
    units = [path.read_text("utf-8") for path in (DEPLOY / "systemd").glob("*.service")]
    credentials = {found for unit in units for found in re.findall(r"^LoadCredential=(\w+):", unit, re.MULTILINE)}

    assert {*secret["stringData"], *credentials} <= Settings.model_fields.keys()


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".yaml"], ids=name)
def test_a_yaml_file_can_be_read(path: Path) -> None:
    assert documents(path)


def test_every_process_that_is_started_is_a_command() -> None:
    containers = [
        container
        for path in (DEPLOY / "kubernetes").glob("*.yaml")
        for each in documents(path)
        for container in each.get("spec", {}).get("template", {}).get("spec", {}).get("containers", ())
    ]
    compose = documents(DEPLOY / "compose.yaml")[0]["services"]
    started = [each["args"] for each in containers] + [compose[each]["command"] for each in ("api", "worker")]
    units = "\n".join(path.read_text("utf-8") for path in (DEPLOY / "systemd").glob("*.service"))
    started += [line.split()[1:] for line in re.findall(r"^ExecStart=(.*)$", units, re.MULTILINE)]
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group

    assert containers
    assert [words for words in started if words[0] not in commands] == []
    assert {words[1] for words in started if words[0] == "worker"} <= {*ROLES, "all", "%i"}
    assert {words[1] for words in started if words[0] == "worker"} >= set(ROLES)


def test_no_container_runs_as_root_or_may_become_it() -> None:
    for path in (DEPLOY / "kubernetes").glob("*.yaml"):
        for each in documents(path):
            if pod := each.get("spec", {}).get("template", {}).get("spec"):
                assert pod["securityContext"]["runAsNonRoot"] is True, name(path)
                assert not any(one["securityContext"]["allowPrivilegeEscalation"] for one in pod["containers"])
    users = re.findall(r"^USER (\S+)$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)

    assert users == ["10001:10001"]


def test_what_the_image_is_built_from_is_there_and_let_in() -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    let_in = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    sources = [source for line in copied for source in line.split()]

    assert [source for source in sources if not (ROOT / source).exists() or f"!{source}" not in let_in] == []


@pytest.mark.parametrize("path", sorted((DEPLOY / "systemd").glob("*.service")), ids=name)
def test_a_unit_keeps_its_secrets_and_its_core_to_itself(path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    unit.read_string(path.read_text("utf-8"))
    service = unit["Service"]

    assert (service["User"], service["LimitCORE"], service["NoNewPrivileges"]) == ("langbenk", "0", "yes")
    assert service["Environment"] == "LANGBENK_SECRETS_DIR=%d"


def test_the_example_of_systems_can_be_registered() -> None:
    config = read_config(DEPLOY / "systems.example.yaml", load_registry())

    assert all(config)
    assert {role for each in config.officials for role in each.roles} == set(get_args(Role))


def test_every_metric_and_label_that_is_asked_for_is_told() -> None:
    wrong = []
    for where, expression in expressions():
        for word in re.findall(r"\b(?:langbenk|rabbitmq)_[a-z_]+", expression):
            if word not in metrics() | labels() | RABBIT:
                wrong.append(f"{where}: {word}")

    assert not wrong, listed("nobody tells of:", wrong)


def test_the_names_are_those_of_the_page_itself(tmp_path: Path) -> None:
    """What is declared becomes exactly these names in Prometheus' text."""
    store = open_store(f"sqlite:///{tmp_path}/hub.sqlite3", load_keys(new_master_key()), SystemClock())
    store.migrate()
    telemetry = Telemetry(SystemClock(), {"school": True})
    told = telemetry.watch
    told.accepted([("school", "x")])
    told.turned_away("unknown_system")
    told.decided("forward", [("school", "deny")])
    told.answered([("school", "delivered", 1.0)])
    telemetry.audit_checked(True)
    text = telemetry.prometheus(store)
    store.close()
    shown = set(re.findall(r"^(langbenk_[a-z_]+)", text, re.MULTILINE))

    assert shown <= metrics()
    assert shown >= {each for each in metrics() if each.endswith("_total")} - {"langbenk_api_refused_total"}
    assert "langbenk_outbox_oldest_age_seconds" in shown


def test_a_rule_that_needs_a_bucket_finds_it_however_it_is_written() -> None:
    sixties = [expr for _, expr in expressions() if "le=" in expr]

    assert sixties
    assert all(r'le=~"60(\\.0)?"' in expr for expr in sixties)


def test_every_alert_has_its_section_and_every_section_its_alert() -> None:
    sections = re.findall(r"^## (\w+)$", (DEPLOY / "runbook.md").read_text("utf-8"), re.MULTILINE)

    assert sections == [rule["alert"] for rule in alerts()]


def test_every_section_says_what_it_means_what_to_do_and_what_not() -> None:
    pages = re.split(r"^## ", (DEPLOY / "runbook.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    parts = (r"^\*\*For families:\*\*", r"^3\. ", r"^\*\*Not:\*\*")
    lacking = [page.split("\n")[0] for page in pages if not all(re.search(each, page, re.MULTILINE) for each in parts)]

    assert lacking == []


def test_every_alert_says_who_is_to_act_and_how_soon() -> None:
    assert {rule["labels"]["severity"] for rule in alerts()} == {"page", "ticket"}
    assert all(rule["labels"]["owner"] for rule in alerts())


def test_the_collector_lets_through_what_the_hub_may_say_and_no_more() -> None:
    (collector,) = documents(DEPLOY / "otel" / "collector.yaml")
    redaction = collector["processors"]["redaction"]
    (pattern,) = redaction["blocked_values"]

    assert redaction["allow_all_keys"] is False
    assert set(redaction["allowed_keys"]) == {*watched.ATTRIBUTES.values(), "service.name"}
    assert re.search(pattern, f"x {synthetic_number(date(2018, 1, 2), 501)}")
    assert all(pipeline["processors"][1] == "redaction" for pipeline in collector["service"]["pipelines"].values())
