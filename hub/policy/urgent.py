"""Which messages go before all others: a duty to report or to avert (*meldeplikt*, *avvergeplikt*)."""

from __future__ import annotations

from collections.abc import Mapping

from hub.policy.claims import claimed
from hub.policy.words import Duty


def is_urgent(claims: Mapping[str, object]) -> bool:
    """Whether a message claims a report (DUT-01), a danger (DUT-08) or substance misuse in pregnancy (DUT-06).

    D-10; that the duty to avert (strl § 196) is done by a danger message is own knowledge, for a lawyer to confirm. An
    order that is answered (DUT-05) has a deadline of its own and overtakes nobody. An unknown claim is an
    `UnusableError`.
    """
    duty = claimed(claims).get("duty", Duty())
    return duty.ground is not None or bool(duty.danger) or duty.substance_misuse_in_pregnancy
