"""MAY IT BE SENT? Rules in Python, facts in data, cases in YAML; pure, and the same answer for the same facts."""

from hub.policy.claims import claimed
from hub.policy.complaints import service_names
from hub.policy.decide import decide
from hub.policy.decision import POLICY_VERSION, Decision, policy_hash
from hub.policy.facts import LIMIT, directed, still_known
from hub.policy.gate import GateAnswer, gate
from hub.policy.instants import next_change
from hub.policy.reports import answers_reporter, is_reported
from hub.policy.services import client_relation, named_in, reveals
from hub.policy.urgent import is_urgent
from hub.policy.view import decide_view, hides_client, names_client
from hub.policy.view_decision import ViewDecision
from hub.policy.words import STALE, Disclosure, Message

__all__ = [
    "LIMIT",
    "POLICY_VERSION",
    "STALE",
    "Decision",
    "Disclosure",
    "GateAnswer",
    "Message",
    "ViewDecision",
    "answers_reporter",
    "claimed",
    "client_relation",
    "decide",
    "decide_view",
    "directed",
    "gate",
    "hides_client",
    "is_reported",
    "is_urgent",
    "named_in",
    "names_client",
    "next_change",
    "policy_hash",
    "reveals",
    "service_names",
    "still_known",
]
