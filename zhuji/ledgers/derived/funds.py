"""Money lines with what was allotted, paid over and spent on them."""

from zhuji.ledgers.declare import Event, Label, integer, money
from zhuji.ledgers.derived.declare import Relation, of
from zhuji.warehouse.periods import TABLE as PERIODS

# Moves after the judgement day, the last point there is, are not known yet.
FUND_LINES = Relation(
    key="fund_lines",
    label=Label("资金执行", "Money lines with their moves"),
    columns=(
        *of("funds", "org line_no plan_line source earmark pilot budgeted_on budget"),
        money("allotted", "已下达", "allotted"),
        money("paid", "已到位", "paid over"),
        money("spent", "已支出", "spent"),
        money("misused", "未按专项用途支出", "spent on another purpose"),
        integer("late_days", "自下达至到位最长天数", "longest days to payment", "day"),
    ),
    needs=("funds", "fund_moves", PERIODS),
    row_unit="line",
    dated=Event("budgeted_on"),
    sql="""
WITH judged AS (SELECT MAX(point_on) AS day FROM periods)
SELECT f.org, f.line_no, f.plan_line, f.source, f.earmark, f.pilot, f.budgeted_on, f.budget,
  CAST(SUM(CASE WHEN m.kind = 'allotted' THEN m.amount ELSE 0 END) AS DECIMAL(18, 2)) AS allotted,
  CAST(SUM(CASE WHEN m.kind = 'paid' THEN m.amount ELSE 0 END) AS DECIMAL(18, 2)) AS paid,
  CAST(SUM(CASE WHEN m.kind = 'spent' THEN m.amount ELSE 0 END) AS DECIMAL(18, 2)) AS spent,
  CAST(SUM(CASE WHEN m.kind = 'spent' AND m.purpose <> f.earmark THEN m.amount ELSE 0 END)
    AS DECIMAL(18, 2)) AS misused,
  MAX(m.days_taken) AS late_days
FROM funds AS f
CROSS JOIN judged AS j
LEFT JOIN fund_moves AS m ON m.line_no = f.line_no AND m.moved_on <= j.day
GROUP BY f.org, f.line_no, f.plan_line, f.source, f.earmark, f.pilot, f.budgeted_on, f.budget""",
)
