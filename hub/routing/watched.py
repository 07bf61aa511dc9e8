"""The closed sets of what may be told of the journey: steps, attributes, labels and their values. No ids of people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from hub.model.envelope import DELIVERY_ENDS, DeliveryState, PartState
from hub.policy.book import RULES
from hub.policy.services import services

Step = Literal["receive", "merge", "directed", "dispatch", "deliver", "receipt"]
STEPS: frozenset[str] = frozenset(get_args(Step))
"""The names of spans, in the order of the journey."""

EVENTS = frozenset({"decided"})

ATTRIBUTES: Mapping[str, str] = {
    "part": "langbenk.part",
    "delivery": "langbenk.delivery",
    "source": "langbenk.sector.source",
    "target": "langbenk.sector.target",
    "kind": "langbenk.event.type",
    "outcome": "langbenk.decision.outcome",
    "state": "langbenk.state",
    "error": "error.type",
}
"""What a span or its events may tell, by the word used in code. Part and delivery are random ids of the hub's own."""

OTHER = "other"
"""What any label says instead of a value that is not declared."""

SOURCE, TARGET = "langbenk.sector.source", "langbenk.sector.target"
KIND, ADAPTER = "langbenk.event.type", "langbenk.adapter.id"
OUTCOME, STAGE = "langbenk.decision.outcome", "langbenk.stage"
ENDED, REASON = "langbenk.delivery.outcome", "langbenk.reason"
RULE, CAUSE = "langbenk.decision.reason", "langbenk.cause"
LEDGER, STATE = "langbenk.ledger", "langbenk.state"

_SERVICES = frozenset(services())
TURNED_AWAY = frozenset({"no_validated_user", "unknown_system", "no_type_or_id", "bad_header"})
CAUSES = frozenset(
    {
        *("adapter_broken", "internal_error", "not_storable", "receiver_away", "tried_too_often", "no_receiver"),
        *(
            "unreadable",
            "unknown_kind",
            "nothing_mapped",
            "wrong_type",
            "unusable",
            "no_link",
            "wrong_key",
            "not_received",
        ),
    }
)

LABELS: Mapping[str, frozenset[str]] = {
    SOURCE: _SERVICES,
    TARGET: _SERVICES,
    OUTCOME: frozenset({"forward", "forward_redacted", "hold", "deny"}),
    STAGE: frozenset({"forward", "dispatch"}),
    ENDED: DELIVERY_ENDS,
    REASON: TURNED_AWAY,
    RULE: frozenset(RULES),
    CAUSE: CAUSES,
    LEDGER: frozenset({"parts", "deliveries"}),
    STATE: frozenset({*get_args(PartState), *get_args(DeliveryState)}),
}
"""Each label's declared values. Kinds of messages and names of adapters are declared by what is installed."""


def declared(label: str, value: str) -> str:
    """The value, or `other` where it is not declared: what a system or an adapter says can make no new series."""
    known = LABELS.get(label)
    return value if known is None or value in known else OTHER
