"""What the security administrator should look at: who reveals masked values unusually often."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhuji.kernel.messages import Message, say
from zhuji.orgs.models import Entry

MOST_REVEALS = 30
WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Alert:
    """More than was to be expected within one hour; the busiest hour of this person."""

    actor: str
    count: int
    first_at: datetime
    last_at: datetime

    @property
    def message(self) -> Message:
        return say(
            "{name} 一小时内揭示了 {count} 次被遮蔽的信息，超过 {most} 次，请核实是否因公。",
            name=self.actor,
            count=self.count,
            most=MOST_REVEALS,
        )


def frequent_reveals(*, since: datetime) -> list[Alert]:
    """One alert for each person, the busiest first."""
    found = Entry.objects.filter(verb="row.reveal", at__gte=since - WITHIN)
    windows: dict[str, deque[datetime]] = {}
    worst: dict[str, Alert] = {}
    for actor, at in found.order_by("at", "sequence").values_list("actor", "at"):
        window = windows.setdefault(actor, deque())
        window.append(at)
        while at - window[0] >= WITHIN:
            window.popleft()
        before = worst.get(actor)
        if len(window) > MOST_REVEALS and (before is None or len(window) > before.count):
            worst[actor] = Alert(actor, len(window), window[0], at)
    recent = [alert for alert in worst.values() if alert.last_at >= since]
    return sorted(recent, key=lambda alert: (-alert.count, alert.actor))
