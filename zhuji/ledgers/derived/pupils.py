"""Who is enrolled where at the point of each period, with care, skills and visits by then."""

# ruff: noqa: S608 - put together from constants of this package, nothing given

from zhuji.ledgers.declare import Label, day, flag, integer, org
from zhuji.ledgers.derived.declare import HOLDS, MOMENTS, PERIOD, Relation, of
from zhuji.ledgers.registry import BY_KEY
from zhuji.warehouse.hierarchy import PLACES
from zhuji.warehouse.periods import TABLE as PERIODS

_CATEGORY_OPTIONS = BY_KEY["special_pupils"].by_key["category"].options
_CATEGORIES = tuple(option.value for option in _CATEGORY_OPTIONS)
_IN_ANY = ", ".join(f"BOOL_OR(s.category = '{name}') AS {name}" for name in _CATEGORIES)
_IN_EACH = ", ".join(f"COALESCE(c.{name}, FALSE) AS {name}" for name in _CATEGORIES)
_HARDSHIPS = ("poor", "low_income", "monitored", "disabled", "orphan", "unsupported")
_IN_HARDSHIP = ", ".join(f"'{name}'" for name in _HARDSHIPS)

# `helped` is empty for a pupil of no category: the question does not arise.
_PUPILS = f"""{MOMENTS},
cared AS (
  SELECT w.moment, s.pupil_no, {_IN_ANY}, BOOL_OR(s.category IN ({_IN_HARDSHIP})) AS in_hardship,
    BOOL_AND(COALESCE(s.helped, FALSE)) AS helped, BOOL_OR(s.carer IS NOT NULL) AS carer
  FROM moments AS w JOIN special_pupils AS s ON {HOLDS.format("s")}
  GROUP BY w.moment, s.pupil_no),
aided AS (
  SELECT w.moment, a.pupil_no, COUNT(*) AS payments
  FROM moments AS w JOIN aid AS a ON a.paid_on >= w.start_on AND a.paid_on <= w.point_on
  GROUP BY w.moment, a.pupil_no),
visited AS (
  SELECT w.moment, v.pupil_no, COUNT(*) AS visits
  FROM moments AS w
  JOIN home_visits AS v ON v.visited_on >= w.start_on AND v.visited_on <= w.point_on
  GROUP BY w.moment, v.pupil_no),
skilled AS (
  SELECT w.moment, k.pupil_no, COUNT_IF(k.kind = 'art') AS art, COUNT_IF(k.kind = 'sport') AS sport
  FROM moments AS w JOIN skills AS k ON k.mastered_on <= w.day
  GROUP BY w.moment, k.pupil_no),
lost AS (
  SELECT w.moment, d.pupil_no, COUNT(*) AS cases
  FROM moments AS w
  JOIN dropout_cases AS d
    ON d.status = 'dropped' AND d.opened_on <= w.day
    AND (d.closed_on IS NULL OR w.day < d.closed_on)
    AND (d.returned_on IS NULL OR w.day < d.returned_on)
  GROUP BY w.moment, d.pupil_no)
SELECT w.period_kind, w.period, e.org, e.stage, e.grade, e.class_no, e.pupil_no, u.sex, e.boarder,
  u.hukou_town, pl.town, u.hukou_town = pl.town AS local, e.valid_from AS joined_on, {_IN_EACH},
  COALESCE(c.in_hardship, FALSE) AS in_hardship, c.helped, COALESCE(c.carer, FALSE) AS carer,
  a.payments IS NOT NULL AS aided, CAST(COALESCE(k.art, 0) AS BIGINT) AS art_skills,
  CAST(COALESCE(k.sport, 0) AS BIGINT) AS sport_skills, COALESCE(v.visits, 0) AS home_visits,
  x.cases IS NOT NULL AS dropped
FROM moments AS w
JOIN enrolments AS e ON {HOLDS.format("e")}
LEFT JOIN pupils AS u ON u.pupil_no = e.pupil_no
LEFT JOIN org_places AS pl
  ON pl.period_kind = w.period_kind AND pl.period = w.period AND pl.org = e.org
LEFT JOIN cared AS c ON c.moment = w.moment AND c.pupil_no = e.pupil_no
LEFT JOIN aided AS a ON a.moment = w.moment AND a.pupil_no = e.pupil_no
LEFT JOIN visited AS v ON v.moment = w.moment AND v.pupil_no = e.pupil_no
LEFT JOIN skilled AS k ON k.moment = w.moment AND k.pupil_no = e.pupil_no
LEFT JOIN lost AS x ON x.moment = w.moment AND x.pupil_no = e.pupil_no"""
_PUPIL_NEEDS = (
    *("enrolments", "pupils", "special_pupils", "aid", "home_visits", "skills", "dropout_cases"),
    *(PERIODS, PLACES),
)
_PUPIL_COLUMNS = (
    *PERIOD,
    *of("enrolments", "org stage grade class_no pupil_no"),
    *of("pupils", "sex"),
    *of("enrolments", "boarder"),
    *of("pupils", "hukou_town"),
    org("town", "就读镇街代码", "town of the school"),
    flag("local", "在户籍镇就读", "enrolled in the town of registration"),
    day("joined_on", "本次在籍起始日期", "enrolled since"),
    *(flag(option.value, option.label.zh, option.label.en) for option in _CATEGORY_OPTIONS),
    flag("in_hardship", "困难学生", "in hardship"),
    flag("helped", "各类均已落实帮扶", "helped in every category"),
    flag("carer", "有一对一帮扶教师", "has a carer"),
    flag("aided", "本期已资助", "aided in the period"),
    integer("art_skills", "艺术技能项数", "art skills", "skill"),
    integer("sport_skills", "运动技能项数", "sport skills", "skill"),
    integer("home_visits", "本期家访次数", "home visits in the period", "visit"),
    flag("dropped", "辍学", "dropped out"),
)


def _at(key: str, label: Label, moment: str) -> Relation:
    sql = _PUPILS.format(day=moment)
    return Relation(key, label, _PUPIL_COLUMNS, sql, _PUPIL_NEEDS, "person")


PUPILS_AT = _at("pupils_at", Label("时点学生", "Pupils at the point"), "point_on")
PUPILS_CENSUS = _at("pupils_census", Label("期初学生", "Pupils at the census"), "census_on")

CLASS_ROLLS = Relation(
    key="class_rolls",
    label=Label("班额", "Class rolls"),
    columns=(
        *PERIOD,
        *of("classes", "org stage grade class_no"),
        integer("pupils", "学生数", "pupils", "person"),
        *of("classes", "interactive"),
    ),
    needs=("classes", "enrolments", PERIODS),
    row_unit="class",
    sql=f"""{MOMENTS.format(day="point_on")},
rolls AS (
  SELECT w.moment, e.org, e.stage, e.grade, e.class_no, COUNT(*) AS pupils
  FROM moments AS w JOIN enrolments AS e ON {HOLDS.format("e")}
  GROUP BY w.moment, e.org, e.stage, e.grade, e.class_no)
SELECT w.period_kind, w.period, c.org, c.stage, c.grade, c.class_no,
  COALESCE(r.pupils, 0) AS pupils, c.interactive
FROM moments AS w
JOIN classes AS c ON {HOLDS.format("c")}
LEFT JOIN rolls AS r
  ON r.moment = w.moment AND r.org = c.org AND r.stage = c.stage AND r.grade = c.grade
  AND r.class_no = c.class_no""",
)
