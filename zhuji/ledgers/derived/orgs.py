"""Organisations at the point of each period, with their marks and the places above them."""

# ruff: noqa: S608 - put together from constants of this package, nothing given

from zhuji.ledgers.declare import Label, flag, org
from zhuji.ledgers.derived.declare import PERIOD, Relation, of
from zhuji.warehouse.hierarchy import PLACES
from zhuji.warehouse.periods import TABLE as PERIODS

# What the plan's groups ask of an organisation; pilots hand it down from town to school.
_MARKS = ("named", "town_seat", "good_urban", "reference", "smart_model", "excluded")
_OWN_MARKS = ", ".join(f"COALESCE(own.{mark}, FALSE) AS {mark}" for mark in _MARKS)
_ANY_MARK = ", ".join(
    f"BOOL_OR(m.mark = '{mark}') AS {mark}" for mark in (*_MARKS, "pilot_city", "pilot_county")
)
_PILOT = "(COALESCE(own.{0}, FALSE) OR COALESCE(above.{0}, FALSE))"
_MARKED = f"""
  SELECT p.kind AS period_kind, p.key AS period, m.org, {_ANY_MARK}
  FROM periods AS p
  JOIN org_marks AS m
    ON m.valid_from <= p.point_on AND (m.valid_to IS NULL OR p.point_on < m.valid_to)
  GROUP BY p.kind, p.key, m.org"""

ORGS_AT = Relation(
    key="orgs_at",
    label=Label("时点机构", "Organisations at the point"),
    columns=(
        *PERIOD,
        *of("orgs", "org kind school_type ownership residence boarding establishment built_year"),
        org("town", "所属镇街代码", "town above"),
        org("county", "所属县代码", "county above"),
        flag("named", "方案点名", "named in the plan"),
        flag("town_seat", "镇驻地学校", "town-seat school"),
        flag("good_urban", "城区优质", "good urban school"),
        flag("reference", "参照校", "reference school"),
        flag("smart_model", "智慧教育示范校", "smart-education model school"),
        flag("excluded", "不计入资源测算", "left out of resource measures"),
        flag("pilot_city", "市级试点", "city pilot"),
        flag("pilot_county", "县级试点", "county pilot"),
        flag("pilot", "试点", "pilot"),
    ),
    needs=("orgs", "org_marks", PERIODS, PLACES),
    row_unit="org",
    sql=f"""
WITH marked AS ({_MARKED})
SELECT p.kind AS period_kind, p.key AS period, o.org, o.kind, o.school_type, o.ownership,
  o.residence, o.boarding, o.establishment, o.built_year, pl.town, pl.county, {_OWN_MARKS},
  {_PILOT.format("pilot_city")} AS pilot_city, {_PILOT.format("pilot_county")} AS pilot_county,
  {_PILOT.format("pilot_city")} OR {_PILOT.format("pilot_county")} AS pilot
FROM periods AS p
JOIN orgs AS o
  ON o.valid_from <= p.point_on AND (o.valid_to IS NULL OR p.point_on < o.valid_to)
LEFT JOIN org_places AS pl
  ON pl.period_kind = p.kind AND pl.period = p.key AND pl.org = o.org
LEFT JOIN marked AS own
  ON own.period_kind = p.kind AND own.period = p.key AND own.org = o.org
LEFT JOIN marked AS above
  ON above.period_kind = p.kind AND above.period = p.key AND above.org = pl.town""",
)
