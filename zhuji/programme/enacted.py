"""The package that judges a day: versions put in force here, else the days the packages name.

From the first version that was put in force on, nothing takes effect by its own date any more:
what comes with the system, or is uploaded, waits until somebody puts it in force.
"""

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from zhuji.kernel.errors import Refused
from zhuji.kernel.messages import say
from zhuji.plan.loaded import Loaded
from zhuji.programme import library, packages
from zhuji.programme.models import Enactment
from zhuji.programme.packages import Package

Stamp = tuple[tuple[str, date], ...]


def package(plan: str, on: date) -> Package:
    """A plan as it judges one day."""
    if not confirmed(plan).exists():
        return packages.load_for(plan, settings.ZHUJI_PLANS, on)
    return packages.of(versions(plan), on)


def confirmed(plan: str) -> QuerySet[Enactment]:
    """What was put in force, in the order in which it takes effect."""
    return Enactment.objects.filter(plan=plan, confirmed_at__isnull=False).order_by("since")


def stamp(plan: str) -> Stamp:
    """Differs whenever another version would judge; a key for what is kept in memory."""
    return tuple(confirmed(plan).values_list("digest", "since"))


def versions(plan: str) -> tuple[Loaded, ...]:
    """Every version that counts, each with the day from which it judges."""
    rulings = tuple(confirmed(plan))
    named = {one.version for one in rulings}
    first = min((one.since for one in rulings), default=date.max)
    own = [
        library.read(one)
        for one in library.versions(plan)
        if not one.is_uploaded
        and one.version not in named
        and one.takes_effect is not None
        and one.takes_effect < first
    ]
    return (*own, *(_put_in_force(one) for one in rulings))


def _put_in_force(ruling: Enactment) -> Loaded:
    one = library.volume(ruling.package)
    if one.digest != ruling.digest:
        raise Refused(
            say(
                "“{package}”的文件在批准施行后改过，不能据以判定；"
                "请恢复原来的文件，改动作为新版本另行批准。",
                package=ruling.package,
            )
        )
    return taking_effect(library.read(one), ruling.since)


def taking_effect(loaded: Loaded, since: date) -> Loaded:
    """The same package from the day on which it was put in force."""
    return replace(loaded, plan=loaded.plan.model_copy(update={"takes_effect": since}))
