"""A receiver that is away, or takes its time: tried again, further and further apart, and never in vain."""

from __future__ import annotations

from hub.routing.written import deliver_ticket
from hub.sdk import Posted
from tests.faults.by_hand import Place
from tests.faults.village import told


class TestAReceiverThatIsAway:
    def test_gets_everything_once_it_is_back(self, place: Place) -> None:
        place.api.away = True
        place.say("child-0", "child-1")
        place.update()
        place.deliver()

        place.api.away = False
        place.clock.go_on(seconds=30)
        place.sweep()
        place.deliver()

        assert sorted(told(body)[0] for _, body in place.api.calls) == ["child-0", "child-1"]
        assert [row.state for row in place.rows("child-0")] == ["delivered"]

    def test_is_left_in_peace_after_five_failures_in_a_row(self, place: Place) -> None:
        place.api.away = True
        place.say(*place.plans)
        place.update()
        place.deliver()
        refused = place.api.refused

        place.clock.go_on(seconds=20)
        place.sweep()
        place.deliver()

        assert refused == 5 * 3  # each is tried three times in its call; the last two deliveries not at all
        assert place.api.refused == refused

    def test_is_not_tried_before_its_time_however_often_the_ticket_comes(self, place: Place) -> None:
        place.api.away = True
        place.say("child-0")
        place.update()
        place.deliver()
        refused = place.api.refused

        place.broker.publish([deliver_ticket(row) for row in place.rows("child-0")] * 3)
        place.deliver()

        assert place.api.refused == refused
        assert [row.attempts for row in place.rows("child-0")] == [1]

    def test_is_tried_further_and_further_apart_and_at_last_set_aside(self, place: Place) -> None:
        place.say("child-0")
        place.update()
        (row,) = place.rows("child-0")
        waits = []
        for _ in range(20):
            place.hub.dispatch.put_off([row.id], "receiver_away", 1.0, 20)
            (now,) = place.rows("child-0")
            waits.append((now.next_at - place.clock.now()).total_seconds() if now.next_at else 0)

        assert waits[:4] == [1, 2, 4, 8]
        assert max(waits) == 3600
        assert now.state == "set_aside"

    def test_that_has_taken_a_delivery_in_is_not_sent_it_again_at_each_sweep(self, place: Place) -> None:
        place.say("child-0")
        place.update()
        (parcel,) = place.hub.dispatch.prepare([row.id for row in place.rows("child-0")])
        place.hub.dispatch.record({parcel.id: Posted("accepted")})

        place.clock.go_on(hours=1)
        soon = place.sweep()
        place.clock.go_on(hours=24)

        assert soon == 0
        assert place.sweep() == 1
