"""A restored place held against what was true when its backup was made, point by point."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhuji.kernel.lights import LABELS, PRECEDENCE, Light
from zhuji.kernel.messages import Message, say
from zhuji.programme.keeping import lights
from zhuji.programme.keeping.backup import FILES, Plan
from zhuji.programme.keeping.manifest import Facts, Lights, Manifest, TableFact
from zhuji.programme.keeping.place import Place, data_files
from zhuji.warehouse import snapshots, verification

_SHOWN = 8  # characters of a digest


@dataclass(frozen=True)
class Point:
    """One thing compared; where that was impossible `same` is None and `before` says why."""

    name: Message
    before: Message
    after: Message
    same: bool | None
    is_empty_table: bool = False


def points(manifest: Manifest, restored: Place, plan: Plan | None) -> tuple[Point, ...]:
    expected = manifest.facts
    assert expected is not None, "restore refuses an archive without a database"
    found = restored.database.facts()
    return (
        *_tables(expected, found),
        *_database(expected, found),
        _files(manifest, restored),
        *_snapshots(manifest, restored),
        _lights(manifest.lights, restored, plan),
    )


def _tables(expected: Facts, found: Facts) -> Iterator[Point]:
    for name in sorted({*expected.tables, *found.tables}):
        before, after = expected.tables.get(name), found.tables.get(name)
        yield Point(
            say("{name}", name=name),
            _table(before),
            _table(after),
            before == after,
            not (before and before.rows),
        )


def _database(expected: Facts, found: Facts) -> Iterator[Point]:
    yield _point(say("表结构、索引、触发器"), expected.structure, found.structure)
    yield Point(
        say("数据库完整性"), _faults(expected), _faults(found), found.faults == expected.faults
    )
    yield Point(say("外键"), _orphans(expected), _orphans(found), found.orphans == expected.orphans)
    yield Point(
        say("迁移"), _count(expected), _count(found), expected.migrations == found.migrations
    )
    if expected.chain or found.chain:
        yield Point(say("留痕链"), _chain(expected), _chain(found), expected.chain == found.chain)


def _files(manifest: Manifest, restored: Place) -> Point:
    """By name here; by content each was proven when it was taken out."""
    before = {name.removeprefix(FILES) for name in manifest.entries if name.startswith(FILES)}
    after = set(data_files(restored, snapshots.ids(restored.snapshots)))
    return Point(
        say("文件"),
        say("{count} 个", count=len(before)),
        say("{count} 个", count=len(after)),
        before == after,
    )


def _snapshots(manifest: Manifest, restored: Place) -> Iterator[Point]:
    for one, faults in manifest.snapshots.items():
        found = len(verification.verify(restored.snapshots, one))
        yield Point(
            say("快照 {id}", id=one),
            say("{count} 处不符", count=faults),
            say("{count} 处不符", count=found),
            faults == found,
        )


def _lights(expected: Lights | None, restored: Place, plan: Plan | None) -> Point:
    name = say("判定合计")
    if expected is None or plan is None:
        return Point(name, say("备份时没有判定"), say("不比较"), None)
    if lights.state(plan.name, plan.folder) != expected.package:
        return Point(name, say("方案包在备份之后有改动"), say("不比较"), None)
    found = lights.count(restored.snapshots, plan.name, plan.folder)
    return Point(name, _totals(expected), _totals(found), expected == found)


def _table(fact: TableFact | None) -> Message:
    if fact is None:
        return say("没有")
    return say("{rows} 行 {digest}", rows=f"{fact.rows:,}", digest=fact.digest[:_SHOWN])


def _faults(facts: Facts) -> Message:
    return say("{count} 处不符", count=len(facts.faults))


def _orphans(facts: Facts) -> Message:
    return say("{count} 行指向不存在的行", count=facts.orphans)


def _count(facts: Facts) -> Message:
    return say("{count} 个", count=len(facts.migrations))


def _chain(facts: Facts) -> Message:
    chain = facts.chain
    if chain is None:
        return say("没有")
    return say(
        "封存 {seals} 次，{records} 条，{faults} 处不符，链头 {head}",
        seals=chain.seals,
        records=chain.records,
        faults=chain.faults,
        head=chain.head[:_SHOWN],
    )


def _totals(found: Lights | None) -> Message:
    if found is None:
        return say("没有")
    whole = say("{plan}", plan=found.plan)
    for light in (*reversed(PRECEDENCE), Light.NOT_APPLICABLE):
        count = sum(kinds.get(light.value, 0) for kinds in found.counts.values())
        if count:
            whole = say("{whole}，{label} {count}", whole=whole, label=LABELS[light], count=count)
    return whole


def _point(name: Message, before: str, after: str) -> Point:
    return Point(
        name,
        say("{digest}", digest=before[:_SHOWN]),
        say("{digest}", digest=after[:_SHOWN]),
        before == after,
    )
