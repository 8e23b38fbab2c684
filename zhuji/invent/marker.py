"""The mark that tells everybody that a county is made up."""

from typing import TypedDict

from zhuji.invent.world import World
from zhuji.orgs import county

FILE = county.FILE


class Marker(TypedDict):
    """What stands in the marker file; whoever finds it shows that all is invented."""

    size: str
    seed: str
    until: str
    plan: str
    county: str


def marker(world: World) -> Marker:
    return {
        "size": world.size.key,
        "seed": world.seed,
        "until": world.clock.until.isoformat(),
        "plan": world.story.plan,
        "county": world.county.code,
    }
