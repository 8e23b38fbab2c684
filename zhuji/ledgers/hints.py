"""What a column is told to be in its template: its meaning, its form, and who asks for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from zhuji.kernel.messages import Label, Message, say
from zhuji.ledgers import headers
from zhuji.ledgers.declare import Column, Counted, Event, Ledger, Option, Type, Valid
from zhuji.ledgers.registry import ledger as ledger_of

_MOST_NAMED = 3


@dataclass(frozen=True)
class Guide:
    """What a plan knows of the columns of a ledger: who asks for them, and the words it allows."""

    asked: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)
    choices: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)


NO_GUIDE = Guide()
Said = Message | Label


def hints(ledger: Ledger, column: Column, guide: Guide) -> Iterator[Said]:
    """One sentence each, what matters most first."""
    if column.help:
        yield column.help
    yield from _form(column)
    if column.refers and column.refers != ledger.key:
        yield say("须是“{ledger}”里已有的", ledger=ledger_of(column.refers).label)
    yield from _in_time(ledger, column)
    yield from _in_key(ledger, column)
    if not column.leaves:
        yield say("个人信息：不进快照，不进汇总")
    if column.key in guide.choices:
        yield say("写代码；代码和含义见“选项”工作表")
    yield from _asked(guide.asked.get(column.key, ()))


def _form(column: Column) -> Iterator[Said]:
    if column.options:
        labels = tuple(option.label for option in column.options)
        yield say("选一项：{options}", options=labels)
    units = headers.UNITS.get(column.unit)
    if units and column.type is not Type.MONEY:
        yield say("单位：{unit}", unit=next(iter(units)))
    if column.type is Type.DECIMAL:
        yield say("最多 {places} 位小数", places=column.places)
    if column.check:
        yield say("按国家编码规则核对位数和校验码")


def _in_time(ledger: Ledger, column: Column) -> Iterator[Said]:
    match ledger.dated:
        case Valid(start=column.key):
            yield say("从这一天起算")
        case Valid(end=column.key):
            yield say("到这一天为止，当天不算；还在继续的留空")
        case Event(on=column.key):
            yield say("事情发生的那一天，按它归入学年、学期和季度")
        case Counted(on=column.key):
            yield say("统计的那一天；到下一次统计为止都按这一次的数")


def _in_key(ledger: Ledger, column: Column) -> Iterator[Said]:
    if column.key not in ledger.natural_key:
        return
    others = tuple(ledger.by_key[key].label for key in ledger.natural_key if key != column.key)
    if others:
        yield say("和{others}合起来认定一行：都相同的行再导入时更新，不重复", others=others)
    else:
        yield say("凭它认定一行：相同的行再导入时更新，不重复")


def _asked(labels: tuple[Label, ...]) -> Iterator[Said]:
    if len(labels) > _MOST_NAMED:
        yield say("用于{first}等 {count} 项", first=labels[:_MOST_NAMED], count=len(labels))
    elif labels:
        yield say("用于{first}", first=labels)
