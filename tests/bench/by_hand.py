"""A school's support plan read and written by hand: what a mapping would be as plain Python, and its floor in speed."""

from __future__ import annotations

from typing import Any

from hub.model.change import Item, Portion

PLAN_GOAL = frozenset({"education", "plan_goal"})
MEASURE = frozenset({"education", "plan_measure"})
TOPICS = {"attendance": frozenset({"attendance"}), "learning": frozenset[str]()}
NOTHING = frozenset[str]()
FRAME = (
    ("title", "title"),
    ("status", "status"),
    ("language", "language"),
    ("nextEvaluation", "revision_due"),
    ("communication", "communication"),
)
GOAL_ROWS = (("title", "title"), ("status", "status"), ("from", "start"), ("due", "due"))
MEASURE_ROWS = (
    ("title", "title"),
    ("text", "description"),
    ("status", "status"),
    ("responsible", "responsible"),
    ("extent", "extent"),
    ("from", "start"),
    ("due", "due"),
)


def read(document: dict[str, Any]) -> Portion:
    """Title, period, goals and measures."""
    frame = {hub: document[key] for key, hub in FRAME if key in document}
    period = document.get("period", {})
    frame["period_start"], frame["period_end"] = period["from"], period["to"]
    goals = {goal["id"]: _goal(goal) for goal in document["goals"]}
    measures = {measure["id"]: _measure(measure) for measure in document["measures"]}
    return {"frame": {"": Item(frame, PLAN_GOAL)}, "goal": goals, "measure": measures}


def _goal(goal: dict[str, Any]) -> Item:
    content = {hub: goal[key] for key, hub in GOAL_ROWS if key in goal}
    topic = _topic(goal)
    return Item(content, PLAN_GOAL | (topic or NOTHING), named=topic)


def _measure(measure: dict[str, Any]) -> Item:
    content = {hub: measure[key] for key, hub in MEASURE_ROWS if key in measure}
    topic = _topic(measure)
    return Item(content, MEASURE | (topic or NOTHING), free_text="text" in measure, named=topic)


def _topic(node: dict[str, Any]) -> frozenset[str] | None:
    """What the node's own label names, where it bears one."""
    return TOPICS[node["topic"]] if "topic" in node else None


def write(portion: Portion) -> dict[str, Any]:
    """The document again, without the child's key."""
    frame = portion["frame"][""].content
    document: dict[str, Any] = {"schema": "no.langbenk.school.v1.support-plan"}
    document.update((key, frame[hub]) for key, hub in FRAME if hub in frame)
    document["period"] = {"from": frame["period_start"], "to": frame["period_end"]}
    document["goals"] = [_node(key, item, GOAL_ROWS) for key, item in portion["goal"].items()]
    document["measures"] = [_node(key, item, MEASURE_ROWS) for key, item in portion["measure"].items()]
    return document


def _node(key: str, item: Item, rows: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    content = item.content
    node: dict[str, Any] = {"id": key, "topic": "attendance" if "attendance" in item.categories else "learning"}
    node.update((place, content[hub]) for place, hub in rows if hub in content)
    return node
