"""Who may ask for data, who fills it in, and who hands it in."""

from datetime import date

from django.db.models import Q

from zhuji.ledgers import entering, visibility
from zhuji.orgs.models import Appointment
from zhuji.orgs.roles import ROLES, Verb
from zhuji.orgs.scope import Grant, Reader
from zhuji.tasks.rules import stands_above as stands_above

_REVIEWING = tuple(role.key for role in ROLES if Verb.REVIEW in role.verbs)


def may_ask(reader: Reader) -> bool:
    """Whether there is anybody below whom the reader may ask."""
    return any(stands_above(reader, org) for org in reader.orgs)


def may_fill(reader: Reader, ledger: str, org: str) -> bool:
    """Enters rows and sees all of the org's; a teacher sees less than the school hands in."""
    return any(
        org in grant.orgs and _sees_all(grant, ledger) and entering.enters(grant, ledger)
        for grant in reader.grants
    )


def may_submit(reader: Reader, ledger: str, org: str, prepared_by: str) -> bool:
    """The head of the org itself; from above only where nobody else there could."""
    if reader.username == prepared_by:
        return False
    reviewing = [
        grant
        for grant in reader.grants
        if Verb.REVIEW in grant.role.verbs and org in grant.orgs and _sees_all(grant, ledger)
    ]
    if any(grant.at == org for grant in reviewing):
        return True
    return bool(reviewing) and not _has_head(org, prepared_by, reader.today)


def is_own(reader: Reader, org: str) -> bool:
    return any(grant.at == org for grant in reader.grants)


def _sees_all(grant: Grant, ledger: str) -> bool:
    return grant.role.reaches_all(visibility.rows_about(ledger).subject)


def _has_head(org: str, prepared_by: str, today: date) -> bool:
    held = Appointment.objects.filter(org=org, role__in=_REVIEWING, valid_from__lte=today)
    still = held.filter(Q(valid_to=None) | Q(valid_to__gt=today), person__is_active=True)
    return still.exclude(person__username=prepared_by).exists()
