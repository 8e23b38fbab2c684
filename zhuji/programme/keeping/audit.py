"""The audit trail of a database, told by the trail's own verifier."""

from collections.abc import Callable, Iterable

from zhuji.orgs import verify_audit
from zhuji.programme.keeping.manifest import Chain

TABLE = "audit_seal"
Run = Callable[[str], Iterable[tuple[object, ...]]]


def chain(run: Run) -> Chain:
    report = verify_audit.verify(verify_audit.stream(run), {})
    return Chain(
        seals=report.seals, records=report.records, head=report.head, faults=len(report.findings)
    )
