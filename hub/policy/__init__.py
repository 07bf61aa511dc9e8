"""MAY IT BE SENT? Rules in Python, facts in data, cases in YAML; pure, and the same answer for the same facts."""

from hub.policy.claims import claimed
from hub.policy.decide import decide
from hub.policy.decision import POLICY_VERSION, Decision, policy_hash
from hub.policy.facts import LIMIT, directed, still_known
from hub.policy.gate import GateAnswer, gate
from hub.policy.instants import next_change
from hub.policy.services import reveals
from hub.policy.view import decide_view
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
    "claimed",
    "decide",
    "decide_view",
    "directed",
    "gate",
    "next_change",
    "policy_hash",
    "reveals",
    "still_known",
]
