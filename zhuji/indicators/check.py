"""Everything that can be wrong with declared indicators, found before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from sqlglot import exp

from zhuji.indicators.expand import as_column, as_id
from zhuji.indicators.formula import AGGREGATES, CANONICAL, Allow, column_names, parse_formula
from zhuji.indicators.kinds import demand
from zhuji.indicators.sources import PERIOD_DAYS, Event, Field, Kind, Source, Sources
from zhuji.indicators.units import check_unit
from zhuji.kernel.errors import BadInput, Issue, Level, bad_value
from zhuji.kernel.messages import Message, say
from zhuji.plan.model import ConditionalGoal, CoverageGoal, EstimateGoal, Indicator

ById = Mapping[str, Indicator]
_DAY = Field(Kind.DATE)
_NUMBER = Field(Kind.DECIMAL)


def check(indicators: Sequence[Indicator], sources: Sources) -> tuple[Issue, ...]:
    """Takes expanded indicators; an empty answer means that all of them compile."""
    by_id = {indicator.id: indicator for indicator in indicators}
    issues = [issue for indicator in indicators for issue in _one(indicator, by_id, sources)]
    if not issues:
        issues += _cycle(indicators)
    return tuple(issues)


def order(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """Ids so that each comes after those it is computed from; a circle is refused."""
    known = {indicator.id for indicator in indicators}
    graph = {indicator.id: set(operands(indicator)) & known for indicator in indicators}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise BadInput(say("指标互相引用，绕成了一圈：{circle}。", circle=circle)) from None


def operands(indicator: Indicator) -> tuple[str, ...]:
    """The ids an expression over indicators reads; none for one with a source."""
    if indicator.source is not None:
        return ()
    tree = parse_formula(str(indicator.value), allow=Allow.INDICATORS)
    return tuple(as_id(name) for name in column_names(tree))


def field_reader(source: Source) -> Callable[[str], Field]:
    """Look a column up; what the source does not have is refused with what it has."""

    def field_of(name: str) -> Field:
        if name in PERIOD_DAYS:
            return _DAY
        if name not in source.fields:
            raise bad_value(
                say("{source}没有“{column}”这一列。", source=source.label, column=name),
                value=name,
                code="formula.column",
                proposal=say("可用的列：{columns}。", columns=tuple(source.fields)),
            )
        return source.fields[name]

    return field_of


def _one(indicator: Indicator, by_id: ById, sources: Sources) -> Iterator[Issue]:
    checks = _of_source if indicator.source is not None else _of_others
    for name, text, run in checks(indicator, by_id, sources):
        try:
            run(text)
        except BadInput as refusal:
            yield _issue(indicator, name, refusal)
    yield from _goal(indicator, by_id)


Part = tuple[str, str, Callable[[str], None]]


def _of_source(indicator: Indicator, by_id: ById, sources: Sources) -> Iterator[Part]:
    source = sources.get(indicator.source or "")
    if source is None:
        yield "source", indicator.source or "", _no_source
        return
    for name, text in _conditions(indicator):
        yield name, text, lambda text: _check_condition(text, source)
    yield "value", str(indicator.value), lambda text: _check_value(text, indicator, source)
    yield "source", source.key, lambda _: _check_place(indicator, source)


def _of_others(indicator: Indicator, by_id: ById, sources: Sources) -> Iterator[Part]:
    def run(text: str) -> None:
        _check_expression(text, indicator, by_id, sources)

    yield "value", str(indicator.value), run


def _conditions(indicator: Indicator) -> Iterator[tuple[str, str]]:
    if indicator.where is not None:
        yield "where", str(indicator.where)
    if isinstance(indicator.goal, CoverageGoal):
        yield "goal.lacking", indicator.goal.lacking


def _no_source(key: str) -> None:
    raise BadInput(say("没有名为“{key}”的台账或关系。", key=key))


def _check_condition(text: str, source: Source) -> None:
    tree = parse_formula(text, allow=Allow.ROWS)
    demand(tree, "boolean", field_reader(source))
    _refuse_division(tree)


def _check_value(text: str, indicator: Indicator, source: Source) -> None:
    tree = parse_formula(text, allow=Allow.AGGREGATE)
    found = list(tree.find_all(*AGGREGATES))
    if not found:
        raise BadInput(say("有来源的指标要写汇总，如 COUNT(*)、SUM(列)。"))
    for aggregate in found:
        if aggregate.find_ancestor(*AGGREGATES):
            raise BadInput(say("汇总里不能再套汇总：“{part}”。", part=_show(aggregate)))
        _refuse_division(aggregate)
    for column in tree.find_all(exp.Column):
        if not column.find_ancestor(*AGGREGATES):
            raise BadInput(say("列“{column}”要放在汇总里。", column=column.name))
    fields = field_reader(source)
    demand(tree, "number", fields)
    check_unit(tree, indicator.unit, lambda name: fields(name).unit, source.row_unit)


def _check_place(indicator: Indicator, source: Source) -> None:
    """Whether the source can give what the declaration asks of its rows."""
    if indicator.stages and not source.has_stage and indicator.where is None:
        raise BadInput(say("{source}没有学段列，不能分学段计算。", source=source.label))
    if indicator.split and not source.has_stage:
        raise BadInput(say("{source}没有学段列，不能按折算学生数拆分。", source=source.label))
    if indicator.at == "census" and isinstance(source.dated, Event):
        raise BadInput(say("{source}记的是事件，不能取学年初的时点数。", source=source.label))


def _check_expression(text: str, indicator: Indicator, by_id: ById, sources: Sources) -> None:
    tree = parse_formula(text, allow=Allow.INDICATORS)
    names = {as_column(identifier): identifier for identifier in by_id}
    for name in column_names(tree):
        if name not in names:
            raise BadInput(say("没有名为“{id}”的指标。", id=as_id(name)))
    if indicator.where is not None or indicator.split:
        raise BadInput(say("由其他指标算出的指标没有自己的数据行，不写 where 和 split。"))
    demand(tree, "number", lambda name: _NUMBER)
    check_unit(tree, indicator.unit, lambda name: by_id[names[name]].unit, "")


def _goal(indicator: Indicator, by_id: ById) -> Iterator[Issue]:
    goal = indicator.goal
    named: str | None = None
    if isinstance(goal, CoverageGoal) and indicator.source is None:
        refusal = BadInput(say("全覆盖目标要能列出缺谁，指标须有来源。"))
        yield _issue(indicator, "goal", refusal)
    if isinstance(goal, ConditionalGoal):
        named = goal.when
    if isinstance(goal, EstimateGoal):
        named = goal.invited
    if named is not None and named not in by_id:
        yield _issue(indicator, "goal", BadInput(say("没有名为“{id}”的指标。", id=named)))


def _refuse_division(tree: exp.Expr) -> None:
    """A quotient of each row is a float: a threshold met exactly could fail on it."""
    found = tree.find(exp.Div)
    if found is not None:
        raise bad_value(
            say("逐行相除“{part}”得不到精确的数。", part=_show(found)),
            value=_show(found),
            code="formula.division",
            proposal=say("比较时请改成相乘，如 yes * 100 >= eligible * 85；求比率请先汇总再相除。"),
        )


def _cycle(indicators: Sequence[Indicator]) -> Iterator[Issue]:
    try:
        order(indicators)
    except BadInput as refusal:
        yield Issue(Level.ERROR, refusal.message, code="formula.cycle")


def _issue(indicator: Indicator, name: str, refusal: BadInput) -> Issue:
    sentence: Message = say(
        "指标 {id} 的 {field}：{finding}", id=indicator.id, field=name, finding=refusal.message
    )
    return Issue(
        Level.ERROR,
        sentence,
        column=name,
        value=next((issue.value for issue in refusal.issues), None),
        proposal=refusal.proposal,
        code=next((issue.code for issue in refusal.issues), "indicator"),
    )


def _show(tree: exp.Expr) -> str:
    return tree.sql(dialect=CANONICAL)[:80]
