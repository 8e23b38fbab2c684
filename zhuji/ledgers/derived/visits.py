"""Which schools researchers look after, and whether those are rural on the day it begins."""

from zhuji.ledgers.declare import Event, Label, flag
from zhuji.ledgers.derived.declare import Relation, of

# Rural is whatever does not lie in the urban district: towns and villages.
RESEARCHER_SCHOOLS = Relation(
    key="researcher_schools",
    label=Label("教研包靠学校", "Schools looked after"),
    columns=(
        *of("assignments", "org staff_no visitor valid_from valid_to"),
        flag("rural", "乡村学校", "rural school"),
    ),
    needs=("assignments", "orgs"),
    row_unit="assignment",
    dated=Event("valid_from"),
    sql="""
SELECT a.org, a.staff_no, a.visitor, a.valid_from, a.valid_to,
  COALESCE(o.residence IN ('town', 'village'), FALSE) AS rural
FROM assignments AS a
LEFT JOIN orgs AS o ON o.org = a.org AND o.valid_from <= a.valid_from
  AND (o.valid_to IS NULL OR a.valid_from < o.valid_to)""",
)
