"""Who teaches where at the point of each period, and what each has learnt and gained by then."""

# ruff: noqa: S608 - put together from constants of this package, nothing given

from zhuji.ledgers.declare import Event, Label, day, decimal, flag, integer, text
from zhuji.ledgers.derived.declare import HOLDS, MOMENTS, PERIOD, Relation, of
from zhuji.warehouse.periods import TABLE as PERIODS

_DEGREE_RANK = (
    "CASE {0} WHEN 'doctor' THEN 6 WHEN 'master' THEN 5 WHEN 'bachelor' THEN 4 "
    "WHEN 'college' THEN 3 WHEN 'secondary' THEN 2 WHEN 'below' THEN 1 END"
)
_DEGREE = (
    "CASE {0} WHEN 6 THEN 'doctor' WHEN 5 THEN 'master' WHEN 4 THEN 'bachelor' "
    "WHEN 3 THEN 'college' WHEN 2 THEN 'secondary' WHEN 1 THEN 'below' END"
)
_KEY_TITLES = "'key_teacher', 'subject_leader', 'teaching_expert', 'special_grade', 'rural_special'"
_TEACHERS = f"""{MOMENTS},
learnt AS (
  SELECT w.moment, q.staff_no, BOOL_OR(q.kind = 'certificate') AS certified,
    MAX(CASE WHEN q.kind = 'degree' THEN {_DEGREE_RANK.format("q.level")} END) AS gained
  FROM moments AS w JOIN qualifications AS q ON q.gained_on <= w.day
  GROUP BY w.moment, q.staff_no),
honoured AS (
  SELECT w.moment, h.staff_no, BOOL_OR(h.title IN ({_KEY_TITLES})) AS key_teacher,
    BOOL_OR(h.title = 'special_grade') AS special_grade,
    BOOL_OR(h.title = 'ranked_head') AS ranked_head
  FROM moments AS w JOIN honours AS h ON {HOLDS.format("h")}
  GROUP BY w.moment, h.staff_no),
titled AS (
  SELECT w.moment, t.staff_no, MAX(CASE t.grade WHEN 'senior' THEN 4 WHEN 'vice_senior' THEN 3
    WHEN 'middle' THEN 2 WHEN 'junior' THEN 1 END) AS title_rank
  FROM moments AS w JOIN titles AS t ON {HOLDS.format("t")}
  GROUP BY w.moment, t.staff_no),
trained AS (
  SELECT w.moment, r.staff_no, SUM(r.hours) AS hours
  FROM moments AS w JOIN training_records AS r
    ON r.finished_on <= w.day AND r.finished_on > CAST(w.day - INTERVAL '5' YEAR AS DATE)
  GROUP BY w.moment, r.staff_no),
hired AS (
  SELECT staff_no, employment, politics, hired_on, single_or_away,
    {_DEGREE_RANK.format("hired_degree")} AS brought
  FROM staff),
known AS (
  SELECT w.period_kind, w.period, x.*, s.employment, s.politics, s.hired_on, s.single_or_away,
    CASE WHEN s.brought > COALESCE(l.gained, 0) THEN s.brought ELSE l.gained END AS degree_rank,
    l.certified, h.key_teacher, h.special_grade, h.ranked_head, t.title_rank, r.hours
  FROM moments AS w
  JOIN posts AS x ON {HOLDS.format("x")}
  LEFT JOIN hired AS s ON s.staff_no = x.staff_no
  LEFT JOIN learnt AS l ON l.moment = w.moment AND l.staff_no = x.staff_no
  LEFT JOIN honoured AS h ON h.moment = w.moment AND h.staff_no = x.staff_no
  LEFT JOIN titled AS t ON t.moment = w.moment AND t.staff_no = x.staff_no
  LEFT JOIN trained AS r ON r.moment = w.moment AND r.staff_no = x.staff_no)
SELECT period_kind, period, org, stage, staff_no, role, subject, full_time_teacher, employment,
  politics, {_DEGREE.format("degree_rank")} AS degree, CAST(degree_rank AS BIGINT) AS degree_rank,
  COALESCE(certified, FALSE) AS certified, COALESCE(key_teacher, FALSE) AS key_teacher,
  COALESCE(special_grade, FALSE) AS special_grade, COALESCE(ranked_head, FALSE) AS ranked_head,
  CASE title_rank WHEN 4 THEN 'senior' WHEN 3 THEN 'vice_senior' WHEN 2 THEN 'middle'
    WHEN 1 THEN 'junior' END AS title_grade,
  COALESCE(title_rank >= 2, FALSE) AS middle_or_senior,
  hired_on, valid_from AS joined_on, single_or_away,
  CAST(COALESCE(hours, 0) AS DECIMAL(18, 2)) AS five_year_hours
FROM known"""
_TEACHER_NEEDS = ("posts", "staff", "qualifications", "honours", "titles", "training_records")
_TEACHER_COLUMNS = (
    *PERIOD,
    *of("posts", "org stage staff_no role subject full_time_teacher"),
    *of("staff", "employment politics"),
    text("degree", "最高学历", "highest degree"),
    integer("degree_rank", "学历层次", "rank of the degree"),
    flag("certified", "持教师资格证", "certified"),
    flag("key_teacher", "县级以上骨干", "key teacher of county level or above"),
    flag("special_grade", "特级教师", "special-grade teacher"),
    flag("ranked_head", "名校长", "ranked head"),
    text("title_grade", "职称等级", "grade of title"),
    flag("middle_or_senior", "中级及以上职称", "middle title or higher"),
    *of("staff", "hired_on"),
    day("joined_on", "到岗日期", "in this post since"),
    *of("staff", "single_or_away"),
    decimal("five_year_hours", "前五年培训学时", "training hours in five years", "hour"),
)


def _at(key: str, label: Label, moment: str) -> Relation:
    sql = _TEACHERS.format(day=moment)
    return Relation(key, label, _TEACHER_COLUMNS, sql, (*_TEACHER_NEEDS, PERIODS), "person")


TEACHERS_AT = _at("teachers_at", Label("时点教师", "Teachers at the point"), "point_on")
TEACHERS_CENSUS = _at("teachers_census", Label("期初教师", "Teachers at the census"), "census_on")

TRAININGS = Relation(
    key="trainings",
    label=Label("参训明细", "Trainings"),
    columns=(
        *of("training_records", "org staff_no session_no"),
        *of("training_sessions", "kind form place_level batch_no"),
        *of("training_records", "hours finished_on"),
        *of("training_sessions", "starts_on ends_on"),
    ),
    needs=("training_records", "training_sessions"),
    row_unit="record",
    dated=Event("finished_on"),
    sql="""
SELECT r.org, r.staff_no, r.session_no, s.kind, s.form, s.place_level, s.batch_no, r.hours,
  r.finished_on, s.starts_on, s.ends_on
FROM training_records AS r JOIN training_sessions AS s ON s.session_no = r.session_no""",
)
