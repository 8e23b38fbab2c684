"""Judgements kept so that pages need not judge. What is kept is derived, never entered: it may be
deleted at any time, and the same package, snapshot and day make the same again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from zhuji.kernel.collecting import uncollected
from zhuji.kernel.errors import NotFound
from zhuji.kernel.lights import Light
from zhuji.kernel.messages import say
from zhuji.orgs import county
from zhuji.orgs.clock import database_now
from zhuji.programme import balance, detail_wire, folio, gather, outlining, snapshots
from zhuji.programme import outline as outlines
from zhuji.programme.balance import KeptBalance
from zhuji.programme.detail import IndicatorHead, KeptDuty, KeptIndicator, KeptVerdict
from zhuji.programme.folio import Lights
from zhuji.programme.judge import Run, running
from zhuji.programme.judgement import Item, Judgement, Lack
from zhuji.programme.models import SHAPE, JudgedItem, JudgedOrg, Judging
from zhuji.programme.outline import Outline
from zhuji.programme.packages import Package
from zhuji.programme.remembering import remembered

Step = Callable[[int, int], None]
_AT_ONCE = 200


@dataclass(frozen=True)
class _Made:
    """Everything of one run, packed and ready to be written."""

    outline: Outline
    lights: bytes
    orgs: tuple[tuple[str, bytes, bytes], ...]
    items: tuple[tuple[str, bytes, bytes], ...]


def judge(
    package: Package, *, on: date, snapshot: str | None = None, progress: Step | None = None
) -> Judging:
    """Judge every organisation for a day and keep it; what is there already is not made again."""
    manifest = snapshots.chosen(snapshot)
    found = _same(package, manifest.id, on).filter(whole=True).first()
    if found is not None:
        return found
    invented = county.invented() is not None
    with running(package, on=on, snapshot=manifest.id, invented=invented) as run:
        return keep(run, package, facts_until=manifest.as_of, progress=progress)


def keep(run: Run, package: Package, *, facts_until: date, progress: Step | None = None) -> Judging:
    """Keep what a run says of every organisation; once, however often it is asked for."""
    with uncollected():
        made = _gathered(run, package, progress or (lambda done, total: None))
    row = Judging(
        plan=made.outline.plan,
        version=made.outline.version,
        digest=digest(package),
        snapshot=run.snapshot,
        on=run.scene.on,
        made_at=database_now(),
        invented=run.invented,
        facts_until=facts_until,
        county=made.outline.county,
        outline=outlines.write_outline(made.outline),
        lights=made.lights,
    )
    try:
        return _kept(row, package, made)
    except IntegrityError:  # somebody judged the same at the same time
        return _same(package, run.snapshot, run.scene.on).get()


def _same(package: Package, snapshot: str, on: date) -> QuerySet[Judging]:
    plan = package.loaded.plan.id
    mine = Judging.objects.filter(plan=plan, digest=digest(package), shape=SHAPE)
    return mine.filter(snapshot=snapshot, on=on)


def digest(package: Package) -> str:
    """Of all that a package asks, older versions that still bind included."""
    whole = sha256(package.loaded.plan.model_dump_json().encode())
    for one in package.definitions:
        whole.update(f"{one.id}{one.since}{one.until}{one.asked.model_dump_json()}".encode())
    return whole.hexdigest()


def _gathered(run: Run, package: Package, progress: Step) -> _Made:
    keys, duties = tuple(run.figures.indicators), tuple(run.owed)
    total = len(run.scene.above) + len(keys) + len(duties)
    proofs = gather.proofs(run, package)
    of_county = run.judgement()
    outline = outlining.outline(run, of_county)
    orgs: list[tuple[str, bytes, bytes]] = []
    lights: dict[str, str] = {}
    verdicts: dict[str, dict[str, KeptVerdict]] = {key: {} for key in keys}
    for org in run.scene.above:
        found = run.judgement(org).items
        for one in found:
            if one.id in verdicts and run.figures.is_about(one.id, org):
                verdicts[one.id][org] = gather.verdict(one)
        orgs.append((org, folio.write_items(found), folio.write_lacks(found)))
        lights[org] = folio.lights_of(found)
        progress(len(orgs), total)
    items: list[tuple[str, bytes, bytes]] = []
    for key in keys:
        items.append((key, *detail_wire.write_indicator(gather.indicator(run, key, verdicts[key]))))
        progress(len(orgs) + len(items), total)
    for key in duties:
        items.append((key, *detail_wire.write_duty(gather.duty(run, key, proofs.get(key, {})))))
        progress(len(orgs) + len(items), total)
    items.append((balance.ITEM, balance.write(balance.gather(run)), b""))
    ids = [entry.id for entry in outline.entries]
    return _Made(outline, folio.write_lights(ids, lights), tuple(orgs), tuple(items))


@transaction.atomic
def _kept(row: Judging, package: Package, made: _Made) -> Judging:
    found = _same(package, row.snapshot, row.on).select_for_update().first()
    if found is not None and found.whole:
        return found
    if found is not None:
        found.delete()
    row.save(force_insert=True)
    JudgedOrg.objects.bulk_create(
        (JudgedOrg(judging=row, org=org, items=items, lacks=lacks)
         for org, items, lacks in made.orgs), batch_size=_AT_ONCE,
    )  # fmt: skip
    JudgedItem.objects.bulk_create(
        (JudgedItem(judging=row, item=key, head=head, body=body)
         for key, head, body in made.items), batch_size=_AT_ONCE,
    )  # fmt: skip
    _sweep(row)
    return row


def _sweep(newest: Judging) -> None:
    """What another snapshot or package said keeps its lights, to tell what changed since; what a
    bulletin stands on keeps everything."""
    others = Judging.objects.filter(plan=newest.plan, frozen=False, whole=True).exclude(
        snapshot=newest.snapshot, digest=newest.digest
    )
    JudgedOrg.objects.filter(judging__in=others).delete()
    JudgedItem.objects.filter(judging__in=others).delete()
    others.update(whole=False)


def freeze(judging: Judging) -> None:
    """A bulletin stands on it from now on: no sweep takes it away."""
    Judging.objects.filter(pk=judging.pk).update(frozen=True)
    judging.frozen = True


# --- which -----------------------------------------------------------------------------------


def latest(plan: str | None = None) -> Judging | None:
    """The newest day that was judged; of one plan, or of whichever is the newest."""
    return _whole(plan).first()


def on_day(plan: str | None, day: date) -> Judging | None:
    """None when nobody has judged that day over the facts as they are known now."""
    return _whole(plan).filter(on=day).first()


def days(plan: str | None = None) -> tuple[date, ...]:
    """Every day that can be shown, the newest first."""
    return tuple(dict.fromkeys(_whole(plan).values_list("on", flat=True)))


def before(judging: Judging) -> Judging | None:
    """The judging before this one, whole or with its lights only."""
    earlier = Q(on__lt=judging.on) | Q(on=judging.on, made_at__lt=judging.made_at)
    return _newest(Judging.objects.filter(earlier, plan=judging.plan, shape=SHAPE)).first()


def made_before(judging: Judging, moment: datetime) -> Judging | None:
    """What was the newest judging of the plan at a moment, when it is another one than this."""
    then = Judging.objects.filter(plan=judging.plan, made_at__lte=moment, shape=SHAPE)
    found = _newest(then).first()
    return None if found is None or found.pk == judging.pk else found


def _whole(plan: str | None) -> QuerySet[Judging]:
    found = Judging.objects.filter(whole=True, shape=SHAPE)
    return _newest(found if plan is None else found.filter(plan=plan))


def _newest(found: QuerySet[Judging]) -> QuerySet[Judging]:
    return found.order_by("-on", "-made_at", "-pk").defer("outline", "lights")


# --- what ------------------------------------------------------------------------------------


@remembered(4)
def outline(judging: Judging) -> Outline:
    kept = Judging.objects.values_list("outline", flat=True).get(pk=judging.pk)
    return outlines.read_outline(bytes(kept))


@remembered(64)
def items(judging: Judging, org: str) -> tuple[Item, ...]:
    """Every item of an organisation, without what is missing."""
    return folio.read_items(_of_org(judging, org, "items"), outline(judging))


@remembered(16)
def lacks(judging: Judging, org: str) -> Mapping[str, tuple[Lack, ...]]:
    """By item, what is missing in an organisation and below it."""
    return folio.read_lacks(_of_org(judging, org, "lacks"), outline(judging))


def _of_org(judging: Judging, org: str, part: str) -> bytes:
    kept = judging.orgs.filter(org=org).values_list(part, flat=True).first()
    if kept is None:
        raise NotFound(say("没有代码为“{org}”的机构，或者它不在您的可见范围内。", org=org))
    return bytes(kept)


def judgement(judging: Judging, org: str) -> Judgement:
    """As the run said it, whole."""
    missing = lacks(judging, org)
    found = tuple(
        replace(one, missing=missing[one.id]) if one.id in missing else one
        for one in items(judging, org)
    )
    return folio.judgement(outline(judging), org, found)


@remembered(16)
def item(judging: Judging, key: str) -> KeptIndicator | KeptDuty:
    """One indicator, duty or milestone over all organisations."""
    row = judging.items.filter(item=key).values_list("head", "body").first()
    if row is None:
        raise NotFound(say("方案里没有编号为“{id}”的指标、任务或节点。", id=key))
    entry = outline(judging).by_id.get(key)
    if entry is not None and entry.kind != "indicator":
        return detail_wire.read_duty(*row)
    return detail_wire.read_indicator(*row)


def duties(judging: Judging, keys: Iterable[str]) -> dict[str, KeptDuty]:
    """Several duties or milestones, in the order asked for."""
    asked = tuple(keys)
    rows = judging.items.filter(item__in=asked).values_list("item", "head", "body")
    found = {key: detail_wire.read_duty(head, body) for key, head, body in rows}
    return {key: found[key] for key in asked if key in found}


def indicators(
    judging: Judging, keys: Iterable[str], orgs: Iterable[str]
) -> dict[str, KeptIndicator]:
    """Several indicators, of some organisations."""
    rows = judging.items.filter(item__in=tuple(keys)).values_list("item", "head", "body")
    wanted = tuple(orgs)
    return {key: detail_wire.read_indicator(head, body, wanted) for key, head, body in rows}


def heads(judging: Judging, keys: Iterable[str]) -> Mapping[str, IndicatorHead]:
    """What is said of some indicators and of the county, without the organisations."""
    return _heads(judging, frozenset(keys))


@remembered(32)
def _heads(judging: Judging, keys: frozenset[str]) -> Mapping[str, IndicatorHead]:
    rows = judging.items.filter(item__in=keys).values_list("item", "head")
    return {key: detail_wire.read_head(head) for key, head in rows}


@remembered(4)
def balances(judging: Judging) -> tuple[KeptBalance, ...]:
    """Every rule that asks for so many of several standards, with the schools it is about."""
    return balance.read(
        judging.items.filter(item=balance.ITEM).values_list("head", flat=True).get()
    )


def lights(judging: Judging, orgs: Iterable[str]) -> Mapping[str, Mapping[str, Light]]:
    """The lights of some organisations; also of a judging that was swept."""
    return folio.lights_by_item(_lights(judging), orgs)


@remembered(4)
def _lights(judging: Judging) -> Lights:
    return folio.read_lights(Judging.objects.values_list("lights", flat=True).get(pk=judging.pk))


def tallies(judging: Judging, kinds: Iterable[str]) -> Mapping[str, Mapping[Light, int]]:
    """By organisation, how many items of some kinds show each light."""
    return _tallies(judging, frozenset(kinds))


@remembered(4)
def _tallies(judging: Judging, kinds: frozenset[str]) -> Mapping[str, Mapping[Light, int]]:
    wanted = {one.id for one in outline(judging).entries if one.kind in kinds}
    return folio.tallies(_lights(judging), wanted)
