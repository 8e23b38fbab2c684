-- What a good engineer would write by hand for the reference plan: one wide statement for each
-- source and kind of period, partials by school first, then one roll-up over school, town and county.
-- `days` (kind, key, point_on) and `windows` are given; the calendar is no part of what is measured.

-- places
CREATE OR REPLACE TEMP TABLE places AS
WITH marked AS (
  SELECT d.kind, d.key, k.org, list(k.mark) AS marks
  FROM days d JOIN org_marks k
    ON k.valid_from <= d.point_on AND (k.valid_to IS NULL OR d.point_on < k.valid_to)
  GROUP BY ALL),
edges AS (
  SELECT d.kind, d.key, e.org, arg_max(e.parent, e.valid_from) AS parent
  FROM days d JOIN org_edges e
    ON e.valid_from <= d.point_on AND (e.valid_to IS NULL OR d.point_on < e.valid_to)
  WHERE e.hierarchy = 'administration'
  GROUP BY ALL),
alive AS (
  SELECT d.kind AS at_kind, d.key AS at_key, d.point_on, o.*
  FROM days d JOIN orgs o
    ON o.valid_from <= d.point_on AND (o.valid_to IS NULL OR d.point_on < o.valid_to)),
lines AS (
  SELECT a.*, above.org AS org1, above.kind AS kind1, top.org AS org2, top.kind AS kind2
  FROM alive a
  LEFT JOIN edges e1 ON e1.kind = a.at_kind AND e1.key = a.at_key AND e1.org = a.org
  LEFT JOIN alive above ON above.at_kind = a.at_kind AND above.at_key = a.at_key AND above.org = e1.parent
  LEFT JOIN edges e2 ON e2.kind = a.at_kind AND e2.key = a.at_key AND e2.org = above.org
  LEFT JOIN alive top ON top.at_kind = a.at_kind AND top.at_key = a.at_key AND top.org = e2.parent),
known AS (
  SELECT l.*,
    CASE 'town' WHEN l.kind THEN l.org WHEN l.kind1 THEN l.org1 END AS town,
    CASE 'county' WHEN l.kind THEN l.org WHEN l.kind1 THEN l.org1 WHEN l.kind2 THEN l.org2 END AS county,
    coalesce(k.marks, []) AS own
  FROM lines l LEFT JOIN marked k ON k.kind = l.at_kind AND k.key = l.at_key AND k.org = l.org),
flagged AS (
  SELECT n.* EXCLUDE (own),
    list_contains(n.own, 'named') AS named,
    list_contains(n.own, 'town_seat') AS town_seat,
    list_contains(n.own, 'good_urban') AS good_urban,
    list_contains(n.own, 'reference') AS reference,
    list_contains(n.own, 'smart_model') AS smart_model,
    list_contains(n.own, 'excluded') AS excluded,
    list_contains(n.own, 'pilot_city') OR coalesce(list_contains(t.marks, 'pilot_city'), false) AS pilot_city,
    list_contains(n.own, 'pilot_county') OR coalesce(list_contains(t.marks, 'pilot_county'),
      false) AS pilot_county,
    pilot_city OR pilot_county AS pilot
  FROM known n LEFT JOIN marked t ON t.kind = n.at_kind AND t.key = n.at_key AND t.org = n.town)
SELECT at_kind AS kind, at_key AS key, point_on, org, town, county, smart_model,
  CASE WHEN kind IN ('school', 'kindergarten', 'teaching_point') THEN org END AS school,
  kind IN ('school', 'kindergarten', 'teaching_point') AS all_schools,
  kind = 'school' AND school_type IN ('primary', 'junior', 'complete') AS balance_plain,
  kind IN ('school', 'teaching_point') AND COALESCE(school_type, '') NOT IN ('special',
    'vocational') AND NOT excluded AS balance_schools,
  kind = 'school' AND school_type IN ('nine_year', 'twelve_year') AS balance_through,
  org = '370784000' AS bureau,
  pilot AND town_seat AND kind = 'kindergarten' AS centre_kindergartens,
  kind IN ('kindergarten', 'school', 'teaching_point') AS class_size_places,
  kind IN ('school', 'teaching_point') AND COALESCE(school_type, '') <> 'vocational' AS class_size_schools,
  pilot AND kind IN ('school', 'teaching_point') AND school_type IN ('primary', 'junior',
    'nine_year') AS compulsory_pilot,
  kind IN ('school', 'teaching_point') AND COALESCE(school_type, '') <> 'vocational' AS compulsory_schools,
  org = '370784105' OR town = '370784105' AS dasheng,
  kind IN ('school', 'teaching_point') AND COALESCE(school_type, '') NOT IN ('special',
    'vocational') AS five_schools,
  org = '370784109' OR town = '370784109' AS guanzhuang,
  pilot AND kind = 'kindergarten' AS kindergartens_pilot,
  pilot AND named AND kind = 'school' AS named_five,
  pilot AS pilot_orgs,
  pilot AND kind IN ('school', 'kindergarten', 'teaching_point') AS pilot_schools,
  kind = 'town' AND pilot AS pilot_towns,
  kind IN ('kindergarten', 'school', 'teaching_point') AND ownership IN ('public',
    'inclusive') AS preschool_inclusive,
  kind = 'kindergarten' AS preschool_kindergartens,
  kind = 'kindergarten' AND built_year >= 2017 AS preschool_new,
  kind = 'kindergarten' AND (built_year IS NULL OR built_year < 2017) AS preschool_old,
  kind IN ('kindergarten', 'school', 'teaching_point') AS preschool_places,
  kind IN ('kindergarten', 'school', 'teaching_point') AND ownership = 'public' AS preschool_public,
  pilot AND kind = 'kindergarten' AND ownership = 'public' AS public_kindergartens_pilot,
  kind = 'kindergarten' AS staffing_kindergartens,
  kind IN ('school', 'teaching_point') AND COALESCE(school_type, '') NOT IN ('special',
    'vocational') AS staffing_schools,
  pilot AND town_seat AND kind = 'school' AND school_type IN ('primary', 'junior',
    'nine_year') AS town_seat_compulsory,
  pilot AND town_seat AND kind IN ('school', 'kindergarten') AS town_seat_pilot,
  pilot AND NOT town_seat AND kind = 'kindergarten' AS village_kindergartens,
  pilot AND NOT town_seat AND kind IN ('school', 'teaching_point') AND school_type IN ('primary',
    'junior', 'nine_year') AS village_pilot
FROM (SELECT * EXCLUDE (kind, org, town), kind, org, town FROM flagged);

-- work_steps.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(NOT s.done_on IS NULL) AS a0,
    count(*) AS a1,
    count(*) AS n
  FROM work_steps s
  JOIN periods p ON p.kind = 'plan' AND s.planned_on >= p.start_on AND s.planned_on < p.end_on
    AND s.planned_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.named_five) / NULLIF(SUM(b.a1) FILTER(WHERE m.named_five), 0) AS "m1_steps"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- deliveries.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.plan_line = 'm2_dasheng_equipment' AND s.kind = 'indoor_set' THEN s.quantity END) AS a0,
    sum(CASE WHEN s.plan_line = 'm2_dasheng_equipment' AND s.kind = 'outdoor_set' THEN s.quantity END) AS a1,
    sum(CASE WHEN s.plan_line = 'm2_dasheng_equipment' AND s.kind = 'toy_set' THEN s.quantity END) AS a2,
    sum(CASE WHEN s.plan_line = 'm2_dasheng_equipment' AND s.kind = 'book' THEN s.quantity END) AS a3,
    sum(CASE WHEN s.plan_line = 'm2_guanzhuang_equipment'
      AND s.kind = 'indoor_set' THEN s.quantity END) AS a4,
    sum(CASE WHEN s.plan_line = 'm2_guanzhuang_equipment'
      AND s.kind = 'outdoor_set' THEN s.quantity END) AS a5,
    sum(CASE WHEN s.plan_line = 'm2_guanzhuang_equipment' AND s.kind = 'toy_set' THEN s.quantity END) AS a6,
    sum(CASE WHEN s.plan_line = 'm2_guanzhuang_equipment' AND s.kind = 'book' THEN s.quantity END) AS a7,
    count(*) AS n
  FROM deliveries s
  JOIN periods p ON p.kind = 'plan' AND s.delivered_on >= p.start_on
    AND s.delivered_on < p.end_on AND s.delivered_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.dasheng) AS "m2_dasheng_indoor_sets",
  SUM(b.a1) FILTER(WHERE m.dasheng) AS "m2_dasheng_outdoor_sets",
  SUM(b.a2) FILTER(WHERE m.dasheng) AS "m2_dasheng_toy_sets",
  SUM(b.a3) FILTER(WHERE m.dasheng) AS "m2_dasheng_books",
  SUM(b.a4) FILTER(WHERE m.guanzhuang) AS "m2_guanzhuang_indoor_sets",
  SUM(b.a5) FILTER(WHERE m.guanzhuang) AS "m2_guanzhuang_outdoor_sets",
  SUM(b.a6) FILTER(WHERE m.guanzhuang) AS "m2_guanzhuang_toy_sets",
  SUM(b.a7) FILTER(WHERE m.guanzhuang) AS "m2_guanzhuang_books"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- fund_lines.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.plan_line = 'm2_dasheng_rebuild' THEN s.paid END) AS a0,
    sum(CASE WHEN s.plan_line = 'm2_dasheng_equipment' THEN s.paid END) AS a1,
    sum(CASE WHEN s.plan_line = 'm2_guanzhuang_equipment' THEN s.paid END) AS a2,
    sum(CASE WHEN s.plan_line = 'm2_guanzhuang_training' THEN s.paid END) AS a3,
    sum(CASE WHEN s.source IN ('central', 'province', 'city') THEN s.budget ELSE 0 END) AS a4,
    sum(s.budget) AS a5,
    sum(CASE WHEN s.earmark = 'reward' THEN s.budget END) AS a6,
    sum(CASE WHEN s.plan_line <> 'operating' THEN s.misused END) AS a7,
    sum(s.paid) AS a8,
    sum(s.allotted) AS a9,
    max(CASE WHEN NOT s.late_days IS NULL THEN s.late_days END) AS a10,
    sum(s.spent) AS a11,
    sum(CASE WHEN s.source = 'city' AND s.pilot THEN s.budget END) AS a12,
    sum(CASE WHEN s.source = 'county' AND s.pilot THEN s.budget END) AS a13,
    count(*) AS n
  FROM (
  WITH moves AS (
    SELECT m.line_no, m.kind, m.purpose, m.amount, m.days_taken FROM fund_moves m
    WHERE m.moved_on <= (SELECT max(point_on) FROM periods))
  SELECT f.org, f.plan_line, f.source, f.earmark, f.pilot, f.budgeted_on, f.budget,
    coalesce(sum(CASE WHEN m.kind = 'allotted' THEN m.amount END), 0) AS allotted,
    coalesce(sum(CASE WHEN m.kind = 'paid' THEN m.amount END), 0) AS paid,
    coalesce(sum(CASE WHEN m.kind = 'spent' THEN m.amount END), 0) AS spent,
    coalesce(sum(CASE WHEN m.kind = 'spent' AND m.purpose <> f.earmark THEN m.amount END), 0)
      AS misused,
    max(m.days_taken) AS late_days
  FROM funds f LEFT JOIN moves m ON m.line_no = f.line_no
  GROUP BY f.line_no, f.org, f.plan_line, f.source, f.earmark, f.pilot, f.budgeted_on, f.budget) AS s
  JOIN periods p ON p.kind = 'plan' AND s.budgeted_on >= p.start_on
    AND s.budgeted_on < p.end_on AND s.budgeted_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.dasheng) AS "m2_dasheng_rebuild_paid",
  SUM(b.a1) FILTER(WHERE m.dasheng) AS "m2_dasheng_equipment_paid",
  SUM(b.a2) FILTER(WHERE m.guanzhuang) AS "m2_guanzhuang_equipment_paid",
  SUM(b.a3) FILTER(WHERE m.guanzhuang) AS "m2_guanzhuang_training_paid",
  100 * SUM(b.a4) FILTER(WHERE m.pilot_orgs) / NULLIF(SUM(b.a5) FILTER(WHERE m.pilot_orgs),
    0) AS "m3_sources",
  SUM(b.a6) FILTER(WHERE m.pilot_orgs) AS "m3_reward",
  SUM(b.a7) FILTER(WHERE m.pilot_orgs) AS "m3_misused",
  100 * SUM(b.a8) FILTER(WHERE m.pilot_orgs) / NULLIF(SUM(b.a9) FILTER(WHERE m.pilot_orgs),
    0) AS "m3_paid_rate",
  MAX(b.a10) FILTER(WHERE m.pilot_orgs) AS "m3_days",
  100 * SUM(b.a11) FILTER(WHERE m.pilot_orgs) / NULLIF(SUM(b.a5) FILTER(WHERE m.pilot_orgs),
    0) AS "m3_spent_rate",
  SUM(b.a12) FILTER(WHERE m.dasheng) AS "s3_city_money",
  SUM(b.a13) FILTER(WHERE m.pilot_orgs) AS "s3_county_money"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- teachers_at.school_year.point
WITH b AS (
  SELECT s.period AS period, s.org,
    count_if(s.role = 'head' AND s.ranked_head) AS a0,
    count_if(s.role = 'head') AS a1,
    count_if(s.full_time_teacher) AS a2,
    count_if(s.full_time_teacher AND s.subject = 'music') AS a3,
    count_if(s.full_time_teacher AND s.subject = 'pe') AS a4,
    count_if(s.full_time_teacher AND s.subject = 'art') AS a5,
    count_if(s.full_time_teacher AND s.subject = 'it') AS a6,
    count_if((s.full_time_teacher AND s.stage = 'primary') AND s.degree_rank >= 4) AS a7,
    count_if(s.full_time_teacher AND s.stage = 'primary') AS a8,
    count_if((s.full_time_teacher AND s.stage = 'junior') AND s.degree_rank >= 4) AS a9,
    count_if(s.full_time_teacher AND s.stage = 'junior') AS a10,
    count_if((s.full_time_teacher AND s.stage = 'kindergarten') AND s.degree_rank >= 3) AS a11,
    count_if(s.full_time_teacher AND s.stage = 'kindergarten') AS a12,
    count_if(s.full_time_teacher AND s.key_teacher) AS a13,
    count_if(s.role = 'resource_teacher') AS a14,
    count_if(s.role = 'secretary') AS a15,
    count_if((s.full_time_teacher AND s.stage = 'kindergarten') AND s.key_teacher) AS a16,
    count_if((s.full_time_teacher AND s.stage = 'primary') AND s.key_teacher) AS a17,
    count_if((s.full_time_teacher AND s.stage = 'junior') AND s.key_teacher) AS a18,
    count_if((s.full_time_teacher AND s.stage IN ('primary', 'junior')) AND s.five_year_hours >= 360) AS a19,
    count_if(s.full_time_teacher AND s.stage IN ('primary', 'junior')) AS a20,
    count_if((s.full_time_teacher AND s.stage IN ('primary', 'junior')) AND s.certified) AS a21,
    count_if((s.stage = 'kindergarten' AND (s.role = 'head' OR s.full_time_teacher)) AND s.certified) AS a22,
    count_if(s.stage = 'kindergarten' AND (s.role = 'head' OR s.full_time_teacher)) AS a23,
    count_if(s.stage = 'kindergarten') AS a24,
    count_if(s.role = 'nurse' AND s.stage = 'kindergarten') AS a25,
    count_if(s.role IN ('head', 'deputy') AND s.stage = 'kindergarten') AS a26,
    count_if(s.stage = 'primary' AND s.employment IN ('established', 'filed')) AS a27,
    count_if(s.stage = 'junior' AND s.employment IN ('established', 'filed')) AS a28,
    count(*) AS n
  FROM (
  WITH p AS (SELECT key, point_on AS day FROM periods WHERE kind = 'school_year'),
  gained AS (
    SELECT p.key, q.staff_no, bool_or(q.kind = 'certificate') AS certified,
      max(CASE WHEN q.kind = 'degree' THEN list_position(
        ['below', 'secondary', 'college', 'bachelor', 'master', 'doctor'], q.level) END) AS rank
    FROM p JOIN qualifications q ON q.gained_on <= p.day GROUP BY ALL),
  honoured AS (
    SELECT p.key, h.staff_no, bool_or(h.title IN ('key_teacher', 'subject_leader',
        'teaching_expert', 'special_grade', 'rural_special')) AS key_teacher,
      bool_or(h.title = 'ranked_head') AS ranked_head
    FROM p JOIN honours h ON h.valid_from <= p.day AND (h.valid_to IS NULL OR p.day < h.valid_to)
    GROUP BY ALL),
  titled AS (
    SELECT p.key, t.staff_no, bool_or(t.grade IN ('senior', 'vice_senior', 'middle')) AS middle
    FROM p JOIN titles t ON t.valid_from <= p.day AND (t.valid_to IS NULL OR p.day < t.valid_to)
    GROUP BY ALL),
  trained AS (
    SELECT p.key, r.staff_no, sum(r.hours) AS hours FROM p JOIN training_records r
      ON r.finished_on <= p.day AND r.finished_on > p.day - INTERVAL 5 YEAR
    GROUP BY ALL)
  SELECT p.key AS period, x.org, x.stage, x.role, x.subject, x.full_time_teacher, f.employment,
    greatest(g.rank, list_position(
      ['below', 'secondary', 'college', 'bachelor', 'master', 'doctor'], f.hired_degree))
      AS degree_rank,
    coalesce(g.certified, false) AS certified, coalesce(h.key_teacher, false) AS key_teacher,
    coalesce(h.ranked_head, false) AS ranked_head, coalesce(t.middle, false) AS middle_or_senior,
    coalesce(r.hours, 0) AS five_year_hours
  FROM p JOIN posts x ON x.valid_from <= p.day AND (x.valid_to IS NULL OR p.day < x.valid_to)
  LEFT JOIN staff f ON f.staff_no = x.staff_no
  LEFT JOIN gained g ON g.key = p.key AND g.staff_no = x.staff_no
  LEFT JOIN honoured h ON h.key = p.key AND h.staff_no = x.staff_no
  LEFT JOIN titled t ON t.key = p.key AND t.staff_no = x.staff_no
  LEFT JOIN trained r ON r.key = p.key AND r.staff_no = x.staff_no) AS s
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.town_seat_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.town_seat_pilot), 0) AS "m4_ranked_heads",
  SUM(b.a2) AS "m6_teachers",
  SUM(b.a3) AS "m6_music_teachers",
  SUM(b.a4) AS "m6_pe_teachers",
  SUM(b.a5) AS "m6_art_teachers",
  SUM(b.a6) AS "m6_it_teachers",
  100 * SUM(b.a7) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a8) FILTER(WHERE m.compulsory_pilot), 0) AS "m7_bachelor_trend.primary",
  100 * SUM(b.a9) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a10) FILTER(WHERE m.compulsory_pilot), 0) AS "m7_bachelor_trend.junior",
  100 * SUM(b.a11) FILTER(WHERE m.kindergartens_pilot) / NULLIF(SUM(b.a12) FILTER(WHERE m.kindergartens_pilot), 0) AS "m7_college_trend.kindergarten",
  100 * SUM(b.a13) FILTER(WHERE m.town_seat_pilot) / NULLIF(SUM(b.a2) FILTER(WHERE m.town_seat_pilot), 0) AS "m7_seat_key_trend",
  SUM(b.a14) FILTER(WHERE m.pilot_schools) AS "m25_resource_teachers",
  SUM(b.a15) FILTER(WHERE m.compulsory_pilot) AS "m32_secretaries",
  100 * SUM(b.a13) FILTER(WHERE m.town_seat_compulsory) / NULLIF(SUM(b.a2) FILTER(WHERE m.town_seat_compulsory), 0) AS "t5_seat_key",
  100 * SUM(b.a13) FILTER(WHERE m.village_pilot) / NULLIF(SUM(b.a2) FILTER(WHERE m.village_pilot),
    0) AS "t5_village_key",
  100 * SUM(b.a16) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a12) FILTER(WHERE m.pilot_schools),
    0) AS "t4_key_share.kindergarten",
  100 * SUM(b.a17) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a8) FILTER(WHERE m.pilot_schools),
    0) AS "t4_key_share.primary",
  100 * SUM(b.a18) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a10) FILTER(WHERE m.pilot_schools),
    0) AS "t4_key_share.junior",
  100 * SUM(b.a7) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a8) FILTER(WHERE m.compulsory_pilot), 0) AS "t4_bachelor_share.primary",
  100 * SUM(b.a9) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a10) FILTER(WHERE m.compulsory_pilot), 0) AS "t4_bachelor_share.junior",
  100 * SUM(b.a11) FILTER(WHERE m.kindergartens_pilot) / NULLIF(SUM(b.a12) FILTER(WHERE m.kindergartens_pilot), 0) AS "t4_college_share.kindergarten",
  SUM(b.a12) AS "t4_teachers.kindergarten",
  SUM(b.a8) AS "t4_teachers.primary",
  SUM(b.a10) AS "t4_teachers.junior",
  100 * SUM(b.a19) FILTER(WHERE m.compulsory_schools) / NULLIF(SUM(b.a20) FILTER(WHERE m.compulsory_schools), 0) AS "g9",
  100 * SUM(b.a21) FILTER(WHERE m.compulsory_schools) / NULLIF(SUM(b.a20) FILTER(WHERE m.compulsory_schools), 0) AS "g12",
  SUM(b.a12) FILTER(WHERE m.preschool_places) AS "p_teachers",
  100 * SUM(b.a22) FILTER(WHERE m.preschool_places) / NULLIF(SUM(b.a23) FILTER(WHERE m.preschool_places), 0) AS "p3_3_certified",
  SUM(b.a24) FILTER(WHERE m.staffing_kindergartens) AS "kg_staff",
  SUM(b.a12) FILTER(WHERE m.staffing_kindergartens) AS "kg_teachers",
  SUM(b.a25) FILTER(WHERE m.staffing_kindergartens) AS "kg_nurses",
  SUM(b.a26) FILTER(WHERE m.staffing_kindergartens) AS "kg_heads",
  SUM(b.a27) FILTER(WHERE m.staffing_schools) AS "staff_count.primary",
  SUM(b.a28) FILTER(WHERE m.staffing_schools) AS "staff_count.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- honours.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.title = 'reserve_head') AS a0,
    count_if(s.title IN ('rural_special', 'special_grade')) AS a1,
    count_if(s.title = 'party_model') AS a2,
    count(*) AS n
  FROM honours s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.pilot_schools) AS "m4_reserve_heads",
  SUM(b.a1) FILTER(WHERE m.pilot_schools) AS "m9_special_grade",
  SUM(b.a2) FILTER(WHERE m.pilot_schools) AS "m32_party_models"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- rotations.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind = 'head_exchange') AS a0,
    count_if(s.kind = 'shared') AS a1,
    count_if(s.kind = 'rotation') AS a2,
    count_if(s.kind = 'rotation' AND s.key_teacher) AS a3,
    count(*) AS n
  FROM rotations s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from >= p.start_on
    AND s.valid_from < p.end_on AND s.valid_from <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.all_schools) AS "m4_exchanges",
  SUM(b.a1) FILTER(WHERE m.pilot_schools) AS "m17_shared_teachers",
  SUM(b.a2) FILTER(WHERE m.compulsory_schools) AS "rotated",
  SUM(b.a3) FILTER(WHERE m.compulsory_schools) AS "rotated_key"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- trainings.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.kind IN ('shadow', 'advanced') THEN s.hours END) AS a0,
    count(*) AS n
  FROM (
  SELECT r.org, t.kind, r.hours, r.finished_on
  FROM training_records r JOIN training_sessions t ON t.session_no = r.session_no) AS s
  JOIN periods p ON p.kind = 'plan' AND s.finished_on >= p.start_on
    AND s.finished_on < p.end_on AND s.finished_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.pilot_schools) AS "m5_hours"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- post_quotas.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(s.needed) AS a0,
    sum(CASE WHEN s.subject = 'music' THEN s.needed END) AS a1,
    sum(CASE WHEN s.subject = 'pe' THEN s.needed END) AS a2,
    sum(CASE WHEN s.subject = 'art' THEN s.needed END) AS a3,
    sum(CASE WHEN s.subject = 'it' THEN s.needed END) AS a4,
    sum(CASE WHEN s.stage = 'kindergarten' THEN s.needed END) AS a5,
    sum(CASE WHEN s.stage = 'primary' THEN s.needed END) AS a6,
    sum(CASE WHEN s.stage = 'junior' THEN s.needed END) AS a7,
    count(*) AS n
  FROM post_quotas s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) AS "m6_needed",
  SUM(b.a1) AS "m6_music_needed",
  SUM(b.a2) AS "m6_pe_needed",
  SUM(b.a3) AS "m6_art_needed",
  SUM(b.a4) AS "m6_it_needed",
  SUM(b.a5) AS "t4_needed.kindergarten",
  SUM(b.a6) AS "t4_needed.primary",
  SUM(b.a7) AS "t4_needed.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- entitlements.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.kind IN ('rural_allowance', 'class_teacher') THEN s.paid END) AS a0,
    sum(CASE WHEN s.kind IN ('rural_allowance', 'class_teacher') THEN s.due END) AS a1,
    sum(CASE WHEN s.kind = 'average_pay' THEN s.paid * COALESCE(s.persons, 1) END) AS a2,
    sum(CASE WHEN s.kind = 'average_pay' THEN COALESCE(s.persons, 1) END) AS a3,
    sum(CASE WHEN s.kind = 'civil_pay' THEN s.paid * COALESCE(s.persons, 1) END) AS a4,
    sum(CASE WHEN s.kind = 'civil_pay' THEN COALESCE(s.persons, 1) END) AS a5,
    sum(CASE WHEN s.kind = 'contract_pay' THEN s.paid * COALESCE(s.persons, 1) END) AS a6,
    sum(CASE WHEN s.kind = 'contract_pay' THEN COALESCE(s.persons, 1) END) AS a7,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org,
    kind ORDER BY counted_on) AS next_on FROM entitlements) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m6_entitlements",
  SUM(b.a2) / NULLIF(SUM(b.a3), 0) AS "teacher_pay",
  SUM(b.a4) / NULLIF(SUM(b.a5), 0) AS "civil_pay",
  SUM(b.a6) FILTER(WHERE m.preschool_kindergartens) / NULLIF(SUM(b.a7) FILTER(WHERE m.preschool_kindergartens), 0) AS "p_contract_pay",
  SUM(b.a2) FILTER(WHERE m.preschool_kindergartens) / NULLIF(SUM(b.a3) FILTER(WHERE m.preschool_kindergartens), 0) AS "p_average_pay"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- staff.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if((s.hired_on >= p.start_on AND s.hired_on <= p.point_on)
      AND s.hired_degree IN ('bachelor', 'master', 'doctor')) AS a0,
    count_if(s.hired_on >= p.start_on AND s.hired_on <= p.point_on) AS a1,
    count_if((s.hired_on >= p.start_on AND s.hired_on <= p.point_on)
      AND s.hired_degree IN ('college', 'bachelor', 'master', 'doctor')) AS a2,
    count_if((s.hired_on >= p.start_on AND s.hired_on <= p.point_on) AND s.hired_qualified) AS a3,
    count(*) AS n
  FROM staff s
  JOIN periods p ON p.kind = 'school_year' AND true
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "m7_new_degree",
  100 * SUM(b.a2) FILTER(WHERE m.kindergartens_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.kindergartens_pilot), 0) AS "m7_new_degree_kindergarten",
  100 * SUM(b.a3) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m7_new_certified"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- orgs_at.school_year.point
WITH b AS (
  SELECT s.period AS period, s.org,
    count_if(s.establishment) AS a0,
    count(*) AS a1,
    count_if(s.smart_model) AS a2,
    count_if(s.kind = 'kindergarten' AND s.ownership = 'public') AS a3,
    count(*) AS n
  FROM (
  SELECT p.key AS period, o.org, o.kind, o.ownership, o.establishment, pl.smart_model
  FROM periods p JOIN orgs o
    ON o.valid_from <= p.point_on AND (o.valid_to IS NULL OR p.point_on < o.valid_to)
  JOIN places pl ON pl.kind = p.kind AND pl.key = p.key AND pl.org = o.org
  WHERE p.kind = 'school_year') AS s
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.public_kindergartens_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.public_kindergartens_pilot), 0) AS "m8_registered",
  SUM(b.a2) FILTER(WHERE m.pilot_schools) AS "m14_smart_schools",
  SUM(b.a2) FILTER(WHERE m.pilot_schools) AS "m14_smart_schools_most",
  SUM(b.a3) AS "p2_3_centres"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- post_structures.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN NOT s.filed_headcount IS NULL THEN s.filed_headcount END) AS a0,
    sum(100 * s.middle_senior_posts - s.set_ratio * s.posts) AS a1,
    sum(s.posts) AS a2,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org ORDER BY counted_on) AS next_on FROM post_structures) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.centre_kindergartens) AS "m8_filed",
  SUM(b.a1) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a2) FILTER(WHERE m.pilot_schools), 0) AS "m9_margin"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- titles.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.track = 'grassroots') AS a0,
    count(*) AS n
  FROM titles s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.pilot_schools) AS "m9_grassroots_titles"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- trainings.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.kind = 'special' THEN s.hours END) AS a0,
    count(*) AS n
  FROM (
  SELECT r.org, t.kind, r.hours, r.finished_on
  FROM training_records r JOIN training_sessions t ON t.session_no = r.session_no) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.finished_on >= p.start_on
    AND s.finished_on < p.end_on AND s.finished_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) AS "m9_special_hours"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- housing_needs.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.reason IN ('rural', 'rotating', 'single') AND s.housed) AS a0,
    count_if(s.reason IN ('rural', 'rotating', 'single')) AS a1,
    count(*) AS n
  FROM housing_needs s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m10_housed"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- housing.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.to_standard) AS a0,
    count(*) AS a1,
    count(*) AS n
  FROM housing s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m10_housing_standard"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- timetable.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.stage = 'primary' AND s.taught_periods >= s.required_periods) AS a0,
    count_if(s.stage = 'primary') AS a1,
    count_if(s.stage = 'junior' AND s.taught_periods >= s.required_periods) AS a2,
    count_if(s.stage = 'junior') AS a3,
    count_if(s.stage = 'primary' AND s.taught_periods <> s.required_periods) AS a4,
    count_if(s.stage = 'junior' AND s.taught_periods <> s.required_periods) AS a5,
    count_if((s.subject IN ('music', 'pe', 'art') AND s.stage = 'primary')
      AND s.taught_periods >= s.required_periods) AS a6,
    count_if(s.subject IN ('music', 'pe', 'art') AND s.stage = 'primary') AS a7,
    count_if((s.subject IN ('music', 'pe', 'art') AND s.stage = 'junior')
      AND s.taught_periods >= s.required_periods) AS a8,
    count_if(s.subject IN ('music', 'pe', 'art') AND s.stage = 'junior') AS a9,
    count_if((s.subject IN ('morality', 'labour') AND s.stage = 'primary')
      AND s.taught_periods >= s.required_periods) AS a10,
    count_if(s.subject IN ('morality', 'labour') AND s.stage = 'primary') AS a11,
    count_if((s.subject IN ('morality', 'labour') AND s.stage = 'junior')
      AND s.taught_periods >= s.required_periods) AS a12,
    count_if(s.subject IN ('morality', 'labour') AND s.stage = 'junior') AS a13,
    count_if(s.stage IN ('primary', 'junior') AND s.taught_periods >= s.required_periods) AS a14,
    count_if(s.stage IN ('primary', 'junior')) AS a15,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org, stage, grade,
    subject ORDER BY counted_on) AS next_on FROM timetable) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "m11_courses_opened.primary",
  100 * SUM(b.a2) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "m11_courses_opened.junior",
  SUM(b.a4) FILTER(WHERE m.compulsory_pilot) AS "m12_hours_altered.primary",
  SUM(b.a5) FILTER(WHERE m.compulsory_pilot) AS "m12_hours_altered.junior",
  100 * SUM(b.a6) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a7) FILTER(WHERE m.compulsory_pilot), 0) AS "t2_arts_opened.primary",
  100 * SUM(b.a8) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a9) FILTER(WHERE m.compulsory_pilot), 0) AS "t2_arts_opened.junior",
  100 * SUM(b.a10) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a11) FILTER(WHERE m.compulsory_pilot), 0) AS "t2_morality_labour_opened.primary",
  100 * SUM(b.a12) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a13) FILTER(WHERE m.compulsory_pilot), 0) AS "t2_morality_labour_opened.junior",
  100 * SUM(b.a14) FILTER(WHERE m.compulsory_schools) / NULLIF(SUM(b.a15) FILTER(WHERE m.compulsory_schools), 0) AS "q7"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- five_checks.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    min(CASE WHEN s.stage = 'primary' THEN s.exercise_minutes END) AS a0,
    min(CASE WHEN s.stage = 'junior' THEN s.exercise_minutes END) AS a1,
    count(*) AS n
  FROM five_checks s
  JOIN periods p ON p.kind = 'school_year' AND s.checked_on >= p.start_on
    AND s.checked_on < p.end_on AND s.checked_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  MIN(b.a0) FILTER(WHERE m.compulsory_pilot) AS "m11_exercise.primary",
  MIN(b.a1) FILTER(WHERE m.compulsory_pilot) AS "m11_exercise.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- pupils_at.school_year.point
WITH b AS (
  SELECT s.period AS period, s.org,
    count_if(s.stage = 'primary' AND s.sport_skills >= 1) AS a0,
    count_if(s.stage = 'primary') AS a1,
    count_if(s.stage = 'junior' AND s.sport_skills >= 1) AS a2,
    count_if(s.stage = 'junior') AS a3,
    count_if(s.stage = 'primary' AND s.art_skills >= 1) AS a4,
    count_if(s.stage = 'junior' AND s.art_skills >= 1) AS a5,
    count(*) AS a6,
    count_if(s.disabled) AS a7,
    count_if(s.in_hardship AND s.aided) AS a8,
    count_if(s.in_hardship) AS a9,
    count_if(s.home_visits >= 2) AS a10,
    count_if(s.stage = 'kindergarten') AS a11,
    count_if(s.stage IN ('primary', 'junior')) AS a12,
    count(*) AS n
  FROM (
  WITH p AS (SELECT * FROM periods WHERE kind = 'school_year'),
  care AS (
    SELECT p.key, s.pupil_no, bool_or(s.category = 'disabled') AS disabled,
      bool_or(s.category IN ('poor', 'low_income', 'monitored', 'disabled', 'orphan', 'unsupported'))
        AS in_hardship
    FROM p JOIN special_pupils s
      ON s.valid_from <= p.point_on AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
    GROUP BY ALL),
  help AS (
    SELECT DISTINCT p.key, a.pupil_no FROM p
    JOIN aid a ON a.paid_on >= p.start_on AND a.paid_on <= p.point_on),
  seen AS (
    SELECT p.key, v.pupil_no, count(*) AS visits FROM p
    JOIN home_visits v ON v.visited_on >= p.start_on AND v.visited_on <= p.point_on GROUP BY ALL),
  able AS (
    SELECT p.key, k.pupil_no, count_if(k.kind = 'art') AS art, count_if(k.kind = 'sport') AS sport
    FROM p JOIN skills k ON k.mastered_on <= p.point_on GROUP BY ALL)
  SELECT p.key AS period, e.org, e.stage, coalesce(c.disabled, false) AS disabled,
    coalesce(c.in_hardship, false) AS in_hardship, h.pupil_no IS NOT NULL AS aided,
    coalesce(v.visits, 0) AS home_visits, coalesce(k.art, 0) AS art_skills,
    coalesce(k.sport, 0) AS sport_skills
  FROM p JOIN enrolments e
    ON e.valid_from <= p.point_on AND (e.valid_to IS NULL OR p.point_on < e.valid_to)
  LEFT JOIN care c ON c.key = p.key AND c.pupil_no = e.pupil_no
  LEFT JOIN help h ON h.key = p.key AND h.pupil_no = e.pupil_no
  LEFT JOIN seen v ON v.key = p.key AND v.pupil_no = e.pupil_no
  LEFT JOIN able k ON k.key = p.key AND k.pupil_no = e.pupil_no) AS s
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "m11_sport_skill.primary",
  100 * SUM(b.a2) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "m11_sport_skill.junior",
  100 * SUM(b.a4) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "m11_art_skill.primary",
  100 * SUM(b.a5) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "m11_art_skill.junior",
  SUM(b.a6) AS "t1_all_pupils",
  SUM(b.a7) FILTER(WHERE m.pilot_schools) AS "m25_disabled",
  100 * SUM(b.a8) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a9) FILTER(WHERE m.pilot_schools),
    0) AS "m26_aided",
  100 * SUM(b.a10) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a6) FILTER(WHERE m.pilot_schools),
    0) AS "m27_visited",
  SUM(b.a11) AS "t1_pupils.kindergarten",
  SUM(b.a1) AS "t1_pupils.primary",
  SUM(b.a3) AS "t1_pupils.junior",
  100 * SUM(b.a4) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "t2_art.primary",
  100 * SUM(b.a5) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "t2_art.junior",
  SUM(b.a12) FILTER(WHERE m.balance_plain) AS "compulsory_pupils",
  SUM(b.a12) FILTER(WHERE m.balance_through) AS "through_pupils",
  SUM(b.a11) FILTER(WHERE m.preschool_new) AS "p_new_children",
  SUM(b.a11) FILTER(WHERE m.preschool_old) AS "p_old_children",
  SUM(b.a11) FILTER(WHERE m.preschool_places) AS "p_children",
  SUM(b.a11) FILTER(WHERE m.preschool_inclusive) AS "p_inclusive_children",
  SUM(b.a11) FILTER(WHERE m.preschool_public) AS "p_public_children",
  SUM(b.a11) FILTER(WHERE m.staffing_kindergartens) AS "kg_children",
  SUM(b.a1) FILTER(WHERE m.staffing_schools) AS "staff_pupils.primary",
  SUM(b.a3) FILTER(WHERE m.staffing_schools) AS "staff_pupils.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- findings.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind IN ('hours', 'difficulty')) AS a0,
    count_if(s.violation) AS a1,
    count_if(s.kind = 'primary_like') AS a2,
    count_if(s.kind = 'accident') AS a3,
    count_if(s.violation AND s.kind = 'enrolment') AS a4,
    count(*) AS n
  FROM findings s
  JOIN periods p ON p.kind = 'school_year' AND s.found_on >= p.start_on
    AND s.found_on < p.end_on AND s.found_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.compulsory_pilot) AS "m12_beyond_standard",
  SUM(b.a1) FILTER(WHERE m.pilot_schools) AS "t2_violations",
  SUM(b.a2) FILTER(WHERE m.kindergartens_pilot) AS "t2_primary_like",
  SUM(b.a3) FILTER(WHERE m.pilot_schools) AS "t2_accidents",
  SUM(b.a4) AS "veto_enrolment",
  SUM(b.a3) AS "veto_accident"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- class_rolls.school_year.point
WITH b AS (
  SELECT s.period AS period, s.org,
    count_if(s.interactive) AS a0,
    count(*) AS a1,
    count_if(s.stage IN ('primary', 'junior')) AS a2,
    count_if(s.stage = 'primary' AND s.pupils > 45) AS a3,
    count_if(s.stage = 'junior' AND s.pupils > 50) AS a4,
    count_if(s.stage = 'primary' AND s.pupils <= 45) AS a5,
    count_if(s.stage = 'primary') AS a6,
    count_if(s.stage = 'junior' AND s.pupils <= 50) AS a7,
    count_if(s.stage = 'junior') AS a8,
    count_if(s.stage = 'primary' AND s.pupils >= 56) AS a9,
    count_if(s.stage = 'junior' AND s.pupils >= 56) AS a10,
    count_if(s.stage = 'primary' AND s.pupils >= 66) AS a11,
    count_if(s.stage = 'junior' AND s.pupils >= 66) AS a12,
    count_if(s.stage = 'primary' AND s.pupils BETWEEN 36 AND 45) AS a13,
    count_if(s.stage = 'junior' AND s.pupils BETWEEN 36 AND 45) AS a14,
    count_if(s.stage = 'kindergarten' AND s.pupils > CASE s.grade WHEN 1 THEN 25 WHEN 2 THEN 30 ELSE 35 END) AS a15,
    count_if(s.stage = 'kindergarten' AND s.pupils <= CASE s.grade WHEN 1 THEN 25 WHEN 2 THEN 30 ELSE 35 END) AS a16,
    count_if(s.stage = 'kindergarten') AS a17,
    count(*) AS n
  FROM (
  WITH p AS (SELECT * FROM periods WHERE kind = 'school_year'),
  rolls AS (
    SELECT p.key, e.org, e.stage, e.grade, e.class_no, count(*) AS pupils
    FROM p JOIN enrolments e
      ON e.valid_from <= p.point_on AND (e.valid_to IS NULL OR p.point_on < e.valid_to)
    GROUP BY ALL)
  SELECT p.key AS period, c.org, c.stage, c.grade, coalesce(r.pupils, 0) AS pupils, c.interactive
  FROM p JOIN classes c
    ON c.valid_from <= p.point_on AND (c.valid_to IS NULL OR p.point_on < c.valid_to)
  LEFT JOIN rolls r ON r.key = p.key AND r.org = c.org AND r.stage = c.stage
    AND r.grade = c.grade AND r.class_no = c.class_no) AS s
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m13_interactive",
  SUM(b.a1) AS "t1_classes",
  SUM(b.a2) FILTER(WHERE m.balance_schools) AS "class_count",
  SUM(b.a3) FILTER(WHERE m.compulsory_schools) AS "g5.primary",
  SUM(b.a4) FILTER(WHERE m.compulsory_schools) AS "g5.junior",
  100 * SUM(b.a5) FILTER(WHERE m.class_size_schools) / NULLIF(SUM(b.a6) FILTER(WHERE m.class_size_schools), 0) AS "class_normal.primary",
  100 * SUM(b.a7) FILTER(WHERE m.class_size_schools) / NULLIF(SUM(b.a8) FILTER(WHERE m.class_size_schools), 0) AS "class_normal.junior",
  SUM(b.a9) FILTER(WHERE m.class_size_schools) AS "class_large.primary",
  SUM(b.a10) FILTER(WHERE m.class_size_schools) AS "class_large.junior",
  SUM(b.a11) FILTER(WHERE m.class_size_schools) AS "class_super.primary",
  SUM(b.a12) FILTER(WHERE m.class_size_schools) AS "class_super.junior",
  100 * SUM(b.a13) FILTER(WHERE m.class_size_schools) / NULLIF(SUM(b.a6) FILTER(WHERE m.class_size_schools), 0) AS "class_band.primary",
  100 * SUM(b.a14) FILTER(WHERE m.class_size_schools) / NULLIF(SUM(b.a8) FILTER(WHERE m.class_size_schools), 0) AS "class_band.junior",
  SUM(b.a15) FILTER(WHERE m.class_size_places) AS "kg_class_oversize",
  100 * SUM(b.a16) FILTER(WHERE m.preschool_places) / NULLIF(SUM(b.a17) FILTER(WHERE m.preschool_places), 0) AS "p3_2_class_size",
  SUM(b.a17) FILTER(WHERE m.staffing_kindergartens) AS "kg_classes"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- it_conditions.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(s.wireless_places) AS a0,
    sum(s.places) AS a1,
    sum(s.bandwidth) AS a2,
    sum(s.online_minutes - s.down_minutes) AS a3,
    sum(s.online_minutes) AS a4,
    count_if(s.inner_network) AS a5,
    count(*) AS a6,
    sum(s.devices_used) AS a7,
    sum(s.devices) AS a8,
    sum(s.security_incidents) AS a9,
    count_if(s.security_filed) AS a10,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org ORDER BY counted_on) AS next_on FROM it_conditions) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m13_wireless",
  SUM(b.a2) AS "m13_bandwidth",
  100 * SUM(b.a3) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a4) FILTER(WHERE m.pilot_schools),
    0) AS "m13_uptime",
  100 * SUM(b.a5) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a6) FILTER(WHERE m.pilot_schools),
    0) AS "m13_inner_network",
  100 * SUM(b.a7) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a8) FILTER(WHERE m.pilot_schools),
    0) AS "m13_devices_used",
  SUM(b.a9) FILTER(WHERE m.pilot_schools) AS "m13_incidents",
  100 * SUM(b.a10) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a6) FILTER(WHERE m.pilot_schools),
    0) AS "m13_security_filed",
  100 * SUM(b.a7) FILTER(WHERE m.compulsory_schools) / NULLIF(SUM(b.a8) FILTER(WHERE m.compulsory_schools), 0) AS "q5"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- resources.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count(*) AS a0,
    sum(CASE WHEN NOT s.uses IS NULL THEN s.uses END) AS a1,
    count_if(s.source_level IN ('province', 'nation')) AS a2,
    count_if(s.third_party) AS a3,
    count_if(s.theme = 'safety') AS a4,
    count_if(s.theme = 'morality') AS a5,
    count_if(s.theme = 'practice') AS a6,
    count_if(s.theme IN ('school_made', 'local')) AS a7,
    count(*) AS n
  FROM resources s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) AS "m14_resources",
  SUM(b.a1) AS "m14_resource_uses",
  SUM(b.a2) AS "m14_upper_resources",
  SUM(b.a3) AS "m14_third_party",
  SUM(b.a4) AS "m14_safety_courses",
  SUM(b.a5) AS "m14_morality_courses",
  SUM(b.a6) AS "m14_practice_courses",
  SUM(b.a7) FILTER(WHERE m.compulsory_pilot) AS "m31_school_courses"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- digital_lessons.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind = 'dual_teacher') AS a0,
    count_if(s.kind = 'precise') AS a1,
    sum(CASE WHEN s.kind = 'online_course' AND NOT s.learners IS NULL THEN s.learners END) AS a2,
    count(*) AS n
  FROM digital_lessons s
  JOIN periods p ON p.kind = 'school_year' AND s.taught_on >= p.start_on
    AND s.taught_on < p.end_on AND s.taught_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) AS "m14_dual_lessons",
  SUM(b.a1) AS "m14_precise_lessons",
  SUM(b.a2) AS "m14_online_learners"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- rooms.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind = 'maker') AS a0,
    count_if(s.kind = 'care') AS a1,
    count_if(s.kind = 'resource') AS a2,
    count_if(s.kind IN ('music', 'art', 'science_lab', 'physics_lab', 'chemistry_lab',
      'biology_lab', 'computer', 'library', 'gym', 'counselling')) AS a3,
    count_if(s.kind IN ('music', 'art', 'science_lab', 'physics_lab', 'chemistry_lab',
      'biology_lab', 'computer', 'library', 'gym', 'counselling') AND s.equipped) AS a4,
    count_if(s.kind = 'music' AND s.area >= 96) AS a5,
    count_if(s.kind = 'art' AND s.area >= 90) AS a6,
    count(*) AS n
  FROM rooms s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.town_seat_compulsory) AS "m15_maker",
  SUM(b.a1) FILTER(WHERE m.pilot_schools) AS "m25_care_rooms",
  SUM(b.a2) FILTER(WHERE m.pilot_schools) AS "m25_resource_rooms",
  SUM(b.a3) AS "t1_rooms",
  100 * SUM(b.a4) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "t1_rooms_equipped",
  SUM(b.a5) FILTER(WHERE m.balance_schools) AS "music_rooms",
  SUM(b.a6) FILTER(WHERE m.balance_schools) AS "art_rooms"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- org_edges.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.hierarchy IN ('trusteeship', 'one_head', 'urban_rural')) AS a0,
    sum(CASE WHEN s.hierarchy IN ('trusteeship', 'one_head', 'urban_rural') THEN s.agreed_deeds END) AS a1,
    count_if(s.hierarchy = 'school_district') AS a2,
    count_if(s.hierarchy IN ('school_district', 'trusteeship')) AS a3,
    count_if(s.hierarchy = 'party') AS a4,
    count_if(s.hierarchy = 'town_help') AS a5,
    count(*) AS n
  FROM org_edges s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.town_seat_pilot) AS "m16_partners",
  SUM(b.a1) AS "m16_agreed",
  SUM(b.a2) FILTER(WHERE m.village_pilot) AS "m17_districts",
  SUM(b.a3) FILTER(WHERE m.village_kindergartens) AS "m17_kindergartens",
  SUM(b.a4) FILTER(WHERE m.compulsory_pilot) AS "m33_paired",
  SUM(b.a5) FILTER(WHERE m.village_pilot) AS "t5_helped"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- activities.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind IN ('joint_research', 'experience_transfer', 'culture_help')) AS a0,
    sum(CASE WHEN s.kind = 'parents_class' AND NOT s.participants IS NULL THEN s.participants END) AS a1,
    count(*) AS n
  FROM activities s
  JOIN periods p ON p.kind = 'school_year' AND s.held_on >= p.start_on AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) AS "m16_done",
  SUM(b.a1) AS "m29_parents"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- meetings.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.kind = 'staff_congress' THEN s.present END) AS a0,
    sum(CASE WHEN s.kind = 'staff_congress' THEN s.expected END) AS a1,
    sum(CASE WHEN s.kind = 'parents_committee' AND s.opinions > 0 THEN s.answered END) AS a2,
    sum(CASE WHEN s.kind = 'parents_committee' AND s.opinions > 0 THEN s.opinions END) AS a3,
    count(*) AS n
  FROM meetings s
  JOIN periods p ON p.kind = 'school_year' AND s.held_on >= p.start_on AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m18_congress_present",
  100 * SUM(b.a2) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.pilot_schools),
    0) AS "m28_answered"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- posts.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.open_hiring AND NOT s.filing_no IS NULL) AS a0,
    count_if(s.open_hiring) AS a1,
    count_if(s.role = 'middle' AND s.open_hiring) AS a2,
    count_if(s.role = 'middle') AS a3,
    count(*) AS n
  FROM posts s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m20_filed",
  100 * SUM(b.a2) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.pilot_schools),
    0) AS "m20_own_choice"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- fund_lines.calendar_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.plan_line = 'operating' THEN s.paid END) AS a0,
    sum(CASE WHEN s.plan_line = 'operating' THEN s.budget END) AS a1,
    max(CASE WHEN s.plan_line = 'operating' AND NOT s.late_days IS NULL THEN s.late_days END) AS a2,
    sum(CASE WHEN s.earmark = 'training' THEN s.budget ELSE 0 END) AS a3,
    sum(CASE WHEN s.earmark = 'operating' THEN s.budget ELSE 0 END) AS a4,
    count(*) AS n
  FROM (
  WITH moves AS (
    SELECT m.line_no, m.kind, m.purpose, m.amount, m.days_taken FROM fund_moves m
    WHERE m.moved_on <= (SELECT max(point_on) FROM periods))
  SELECT f.org, f.plan_line, f.source, f.earmark, f.pilot, f.budgeted_on, f.budget,
    coalesce(sum(CASE WHEN m.kind = 'allotted' THEN m.amount END), 0) AS allotted,
    coalesce(sum(CASE WHEN m.kind = 'paid' THEN m.amount END), 0) AS paid,
    coalesce(sum(CASE WHEN m.kind = 'spent' THEN m.amount END), 0) AS spent,
    coalesce(sum(CASE WHEN m.kind = 'spent' AND m.purpose <> f.earmark THEN m.amount END), 0)
      AS misused,
    max(m.days_taken) AS late_days
  FROM funds f LEFT JOIN moves m ON m.line_no = f.line_no
  GROUP BY f.line_no, f.org, f.plan_line, f.source, f.earmark, f.pilot, f.budgeted_on, f.budget) AS s
  JOIN periods p ON p.kind = 'calendar_year' AND s.budgeted_on >= p.start_on
    AND s.budgeted_on < p.end_on AND s.budgeted_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m21_paid",
  MAX(b.a2) FILTER(WHERE m.pilot_schools) AS "m21_days",
  SUM(b.a3) FILTER(WHERE m.compulsory_schools) AS "training_budget",
  SUM(b.a4) FILTER(WHERE m.compulsory_schools) AS "operating_budget",
  SUM(b.a4) FILTER(WHERE m.preschool_public) AS "p_operating"
FROM b JOIN places m ON m.kind = 'calendar_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- votes.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.subject = 'pay_scheme' AND s.yes * 100 >= 85 * s.eligible) AS a0,
    count_if(s.subject = 'pay_scheme' AND (NOT s.in_force_on IS NULL
      AND s.yes * 100 < 85 * s.eligible)) AS a1,
    count(*) AS n
  FROM votes s
  JOIN periods p ON p.kind = 'plan' AND s.held_on >= p.start_on AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.pilot_schools) AS "m22_passed",
  SUM(b.a1) FILTER(WHERE m.pilot_schools) AS "m22_unlawful"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- pay_pools.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(ABS(s.total - s.december - s.class_management - s.after_school - s.increment)) AS a0,
    count_if(s.split_by_school) AS a1,
    count(*) AS a2,
    count(*) AS n
  FROM pay_pools s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.pilot_schools) AS "m22_pool_difference",
  100 * SUM(b.a1) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a2) FILTER(WHERE m.pilot_schools),
    0) AS "m22_split_by_school"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- clubs.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.members > 0) AS a0,
    sum(CASE WHEN s.stage = 'primary' THEN s.members END) AS a1,
    sum(CASE WHEN s.stage = 'junior' THEN s.members END) AS a2,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org, name ORDER BY counted_on) AS next_on FROM clubs) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.compulsory_pilot) AS "m23_clubs",
  SUM(b.a1) AS "t2_club_members.primary",
  SUM(b.a2) AS "t2_club_members.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- dropout_cases.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.status = 'dropped') AS a0,
    count_if(NOT s.returned_on IS NULL) AS a1,
    count(*) AS a2,
    count_if(s.reason = 'poverty' AND s.status = 'dropped') AS a3,
    count(*) AS n
  FROM dropout_cases s
  JOIN periods p ON p.kind = 'school_year' AND s.opened_on <= p.point_on
    AND (s.closed_on IS NULL OR p.point_on < s.closed_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.compulsory_pilot) AS "m24_dropouts",
  100 * SUM(b.a1) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a2) FILTER(WHERE m.compulsory_pilot), 0) AS "m24_returned",
  SUM(b.a3) FILTER(WHERE m.pilot_schools) AS "m26_poverty_dropouts"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- special_pupils.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.category IN ('disabled', 'poor', 'orphan', 'single_parent', 'left_behind') AND s.helped) AS a0,
    count_if(s.category IN ('disabled', 'poor', 'orphan', 'single_parent', 'left_behind')) AS a1,
    count_if(s.category = 'disabled' AND s.placement IN ('class', 'special_school', 'home')) AS a2,
    count_if(s.category = 'disabled') AS a3,
    count_if(NOT s.state_checked_on IS NULL) AS a4,
    count(*) AS a5,
    count_if(s.category = 'learning_difficulty' AND s.helped) AS a6,
    count_if(s.category = 'learning_difficulty') AS a7,
    count_if(s.category = 'orphan' AND NOT s.carer IS NULL) AS a8,
    count_if(s.category = 'orphan') AS a9,
    count_if(s.category = 'left_behind' AND NOT s.carer IS NULL) AS a10,
    count_if(s.category = 'left_behind') AS a11,
    count(*) AS n
  FROM special_pupils s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m24_protected",
  100 * SUM(b.a2) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.pilot_schools),
    0) AS "m24_placed",
  100 * SUM(b.a4) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a5) FILTER(WHERE m.pilot_schools),
    0) AS "m25_known",
  100 * SUM(b.a6) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a7) FILTER(WHERE m.compulsory_pilot), 0) AS "m25_learning_helped",
  100 * SUM(b.a8) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a9) FILTER(WHERE m.pilot_schools),
    0) AS "m25_orphans",
  100 * SUM(b.a10) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a11) FILTER(WHERE m.pilot_schools),
    0) AS "m25_left_behind"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- absences.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(NOT s.contacted_on IS NULL) AS a0,
    count(*) AS a1,
    count(*) AS n
  FROM absences s
  JOIN periods p ON p.kind = 'school_year' AND s.absent_from >= p.start_on
    AND s.absent_from < p.end_on AND s.absent_from <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "m24_contacted"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- after_school.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.stage = 'primary' THEN s.served END) AS a0,
    sum(CASE WHEN s.stage = 'primary' THEN s.wanting END) AS a1,
    sum(CASE WHEN s.stage = 'junior' THEN s.served END) AS a2,
    sum(CASE WHEN s.stage = 'junior' THEN s.wanting END) AS a3,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org,
    stage ORDER BY counted_on) AS next_on FROM after_school) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "m25_after_school.primary",
  100 * SUM(b.a2) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "m25_after_school.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- screenings.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.stage = 'primary' THEN s.screened END) AS a0,
    sum(CASE WHEN s.stage = 'primary' THEN s.due END) AS a1,
    sum(CASE WHEN s.stage = 'junior' THEN s.screened END) AS a2,
    sum(CASE WHEN s.stage = 'junior' THEN s.due END) AS a3,
    sum(CASE WHEN s.stage = 'primary' THEN s.helped END) AS a4,
    sum(CASE WHEN s.stage = 'primary' THEN s.flagged END) AS a5,
    sum(CASE WHEN s.stage = 'junior' THEN s.helped END) AS a6,
    sum(CASE WHEN s.stage = 'junior' THEN s.flagged END) AS a7,
    sum(CASE WHEN s.stage = 'primary' THEN s.healthy END) AS a8,
    sum(CASE WHEN s.stage = 'junior' THEN s.healthy END) AS a9,
    count(*) AS n
  FROM screenings s
  JOIN periods p ON p.kind = 'school_year' AND s.screened_on >= p.start_on
    AND s.screened_on < p.end_on AND s.screened_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "m25_screened.primary",
  100 * SUM(b.a2) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "m25_screened.junior",
  100 * SUM(b.a4) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a5) FILTER(WHERE m.compulsory_pilot), 0) AS "m25_intervened.primary",
  100 * SUM(b.a6) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a7) FILTER(WHERE m.compulsory_pilot), 0) AS "m25_intervened.junior",
  100 * SUM(b.a8) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a0) FILTER(WHERE m.compulsory_pilot), 0) AS "t7_mental_health.primary",
  100 * SUM(b.a9) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a2) FILTER(WHERE m.compulsory_pilot), 0) AS "t7_mental_health.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- pupils_at.term.point
WITH b AS (
  SELECT s.period AS period, s.org,
    count_if(s.in_hardship AND s.aided) AS a0,
    count_if(s.in_hardship) AS a1,
    count(*) AS n
  FROM (
  WITH p AS (SELECT * FROM periods WHERE kind = 'term'),
  care AS (
    SELECT DISTINCT p.key, s.pupil_no FROM p JOIN special_pupils s
      ON s.valid_from <= p.point_on AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
    WHERE s.category IN ('poor', 'low_income', 'monitored', 'disabled', 'orphan', 'unsupported')),
  help AS (
    SELECT DISTINCT p.key, a.pupil_no FROM p
    JOIN aid a ON a.paid_on >= p.start_on AND a.paid_on <= p.point_on)
  SELECT p.key AS period, e.org, e.stage, true AS in_hardship, h.pupil_no IS NOT NULL AS aided
  FROM p JOIN enrolments e
    ON e.valid_from <= p.point_on AND (e.valid_to IS NULL OR p.point_on < e.valid_to)
  JOIN care c ON c.key = p.key AND c.pupil_no = e.pupil_no
  LEFT JOIN help h ON h.key = p.key AND h.pupil_no = e.pupil_no) AS s
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m26_aided_term"
FROM b JOIN places m ON m.kind = 'term' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- bodies.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind = 'parents_class') AS a0,
    count_if(s.kind = 'volunteers') AS a1,
    count_if(s.kind = 'party_branch' AND s.standard) AS a2,
    count_if(s.kind = 'party_branch') AS a3,
    count(*) AS n
  FROM bodies s
  JOIN periods p ON p.kind = 'school_year' AND s.valid_from <= p.point_on
    AND (s.valid_to IS NULL OR p.point_on < s.valid_to)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) AS "m28_class_committees",
  SUM(b.a1) FILTER(WHERE m.pilot_orgs) AS "m31_volunteers",
  100 * SUM(b.a2) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.pilot_schools),
    0) AS "m32_branches"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- good_practice.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.theme = 'five_managements') AS a0,
    count(*) AS a1,
    count_if(NOT s.shown_on IS NULL) AS a2,
    count(*) AS n
  FROM good_practice s
  JOIN periods p ON p.kind = 'plan' AND s.collected_on >= p.start_on
    AND s.collected_on < p.end_on AND s.collected_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.pilot_schools) AS "m30_cases",
  SUM(b.a1) FILTER(WHERE m.pilot_schools) AS "s5_cases",
  SUM(b.a2) FILTER(WHERE m.pilot_schools) AS "s5_shown"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- visits.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.visitor IN ('county_researcher', 'city_researcher', 'key_teacher')
      AND s.findings > 0 THEN s.followed_up END) AS a0,
    sum(CASE WHEN s.visitor IN ('county_researcher', 'city_researcher', 'key_teacher')
      AND s.findings > 0 THEN s.findings END) AS a1,
    count(*) AS n
  FROM visits s
  JOIN periods p ON p.kind = 'plan' AND s.visited_on >= p.start_on AND s.visited_on < p.end_on
    AND s.visited_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m35_followed_up"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- activity_staff.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind IN ('joint_teaching_research', 'research_curriculum', 'research_teaching',
      'research_homework', 'research_exam')) AS a0,
    count(*) AS n
  FROM activity_staff s
  JOIN periods p ON p.kind = 'school_year' AND s.held_on >= p.start_on AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) AS "m36_attendance"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- inspections.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.kind = 'quality' AND NOT s.score IS NULL THEN s.score END) AS a0,
    count(CASE WHEN s.kind = 'quality' AND NOT s.score IS NULL THEN s.score END) AS a1,
    sum(CASE WHEN s.kind = 'quality' AND NOT s.value_added IS NULL THEN s.value_added END) AS a2,
    count(CASE WHEN s.kind = 'quality' AND NOT s.value_added IS NULL THEN s.value_added END) AS a3,
    sum(CASE WHEN s.kind = 'kindergarten' AND NOT s.score IS NULL THEN s.score END) AS a4,
    count(CASE WHEN s.kind = 'kindergarten' AND NOT s.score IS NULL THEN s.score END) AS a5,
    count(*) AS n
  FROM inspections s
  JOIN periods p ON p.kind = 'school_year' AND s.held_on >= p.start_on AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  (SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0)) AS "m37_quality",
  (SUM(b.a2) FILTER(WHERE m.town_seat_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.town_seat_pilot),
    0)) AS "s4_value_added",
  (SUM(b.a4) FILTER(WHERE m.kindergartens_pilot) / NULLIF(SUM(b.a5) FILTER(WHERE m.kindergartens_pilot), 0)) AS "t2_kindergarten_score"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- findings.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind IN ('teaching', 'management') AND NOT s.mended_on IS NULL) AS a0,
    count_if(s.kind IN ('teaching', 'management')) AS a1,
    count_if(s.kind = 'safety' AND NOT s.mended_on IS NULL) AS a2,
    count_if(s.kind = 'safety') AS a3,
    count(*) AS n
  FROM findings s
  JOIN periods p ON p.kind = 'plan' AND s.found_on >= p.start_on AND s.found_on < p.end_on
    AND s.found_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "m37_mended",
  100 * SUM(b.a2) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.pilot_schools),
    0) AS "t2_safety_mended"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- inspections.plan.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.kind = 'quality' AND NOT s.used_for IS NULL) AS a0,
    count_if(s.kind = 'quality') AS a1,
    count(*) AS n
  FROM inspections s
  JOIN periods p ON p.kind = 'plan' AND s.held_on >= p.start_on AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "s4_used"
FROM b JOIN places m ON m.kind = 'plan' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- equipment.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.kind = 'living' THEN s.present END) AS a0,
    sum(CASE WHEN s.kind = 'living' THEN s.needed END) AS a1,
    count_if(s.kind IN ('music', 'pe', 'art', 'laboratory', 'computer', 'security')
      AND s.present >= s.needed) AS a2,
    count_if(s.kind IN ('music', 'pe', 'art', 'laboratory', 'computer', 'security')) AS a3,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org, kind ORDER BY counted_on) AS next_on FROM equipment) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "t1_living",
  100 * SUM(b.a2) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "t1_kit"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- premises.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.dangerous) AS a0,
    sum(s.surfaced_area) AS a1,
    sum(s.outdoor_sport_area) AS a2,
    sum(s.play_area) AS a3,
    sum(s.activity_area) AS a4,
    sum(s.building_area) AS a5,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org, stage ORDER BY counted_on) AS next_on FROM premises) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.pilot_schools) AS "t1_dangerous",
  100 * SUM(b.a1) FILTER(WHERE m.named_five) / NULLIF(SUM(b.a2) FILTER(WHERE m.named_five),
    0) AS "t1_named_surfaced",
  SUM(b.a3) FILTER(WHERE m.preschool_new) AS "p_new_play",
  SUM(b.a4) FILTER(WHERE m.preschool_new) AS "p_new_activity",
  SUM(b.a5) FILTER(WHERE m.preschool_new) AS "p_new_building",
  SUM(b.a3) FILTER(WHERE m.preschool_old) AS "p_old_play",
  SUM(b.a4) FILTER(WHERE m.preschool_old) AS "p_old_activity",
  SUM(b.a5) FILTER(WHERE m.preschool_old) AS "p_old_building"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- fitness.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(((s.exempt IS NULL OR NOT s.exempt) AND s.stage = 'primary') AND s.total >= 60) AS a0,
    count(CASE WHEN (s.exempt IS NULL OR NOT s.exempt) AND s.stage = 'primary' THEN s.total END) AS a1,
    count_if(((s.exempt IS NULL OR NOT s.exempt) AND s.stage = 'junior') AND s.total >= 60) AS a2,
    count(CASE WHEN (s.exempt IS NULL OR NOT s.exempt) AND s.stage = 'junior' THEN s.total END) AS a3,
    count(*) AS n
  FROM fitness s
  JOIN periods p ON p.kind = 'school_year' AND s.tested_on >= p.start_on
    AND s.tested_on < p.end_on AND s.tested_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot), 0) AS "t2_fitness.primary",
  100 * SUM(b.a2) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot), 0) AS "t2_fitness.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- marks.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN (s.subject = 'chinese' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a0,
    count(CASE WHEN (s.subject = 'chinese' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a1,
    sum(CASE WHEN (s.subject = 'chinese' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a2,
    count(CASE WHEN (s.subject = 'chinese' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a3,
    sum(CASE WHEN (s.subject = 'maths' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a4,
    count(CASE WHEN (s.subject = 'maths' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a5,
    sum(CASE WHEN (s.subject = 'maths' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a6,
    count(CASE WHEN (s.subject = 'maths' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a7,
    sum(CASE WHEN (s.subject = 'english' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a8,
    count(CASE WHEN (s.subject = 'english' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a9,
    sum(CASE WHEN (s.subject = 'english' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a10,
    count(CASE WHEN (s.subject = 'english' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a11,
    sum(CASE WHEN (s.subject = 'science' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a12,
    count(CASE WHEN (s.subject = 'science' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a13,
    sum(CASE WHEN (s.subject IN ('physics', 'chemistry', 'biology') AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a14,
    count(CASE WHEN (s.subject IN ('physics', 'chemistry', 'biology') AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a15,
    sum(CASE WHEN NOT s.score IS NULL THEN s.score END) AS a16,
    count(CASE WHEN NOT s.score IS NULL THEN s.score END) AS a17,
    count_if((s.subject = 'chinese' AND NOT s.score IS NULL) AND s.stage = 'primary') AS a18,
    count_if((s.subject = 'chinese' AND NOT s.score IS NULL) AND s.stage = 'junior') AS a19,
    sum(CASE WHEN (s.subject = 'chinese' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score * s.score END) AS a20,
    sum(CASE WHEN (s.subject = 'chinese' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score * s.score END) AS a21,
    count_if((s.subject = 'maths' AND NOT s.score IS NULL) AND s.stage = 'primary') AS a22,
    count_if((s.subject = 'maths' AND NOT s.score IS NULL) AND s.stage = 'junior') AS a23,
    sum(CASE WHEN (s.subject = 'maths' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score * s.score END) AS a24,
    sum(CASE WHEN (s.subject = 'maths' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score * s.score END) AS a25,
    count_if((s.subject = 'science' AND NOT s.score IS NULL) AND s.stage = 'primary') AS a26,
    count_if((s.subject IN ('science', 'physics', 'biology', 'geography')
      AND NOT s.score IS NULL) AND s.stage = 'junior') AS a27,
    sum(CASE WHEN (s.subject IN ('science', 'physics', 'biology', 'geography')
      AND NOT s.score IS NULL) AND s.stage = 'junior' THEN s.score END) AS a28,
    sum(CASE WHEN (s.subject = 'science' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score * s.score END) AS a29,
    sum(CASE WHEN (s.subject IN ('science', 'physics', 'biology', 'geography')
      AND NOT s.score IS NULL) AND s.stage = 'junior' THEN s.score * s.score END) AS a30,
    count_if((s.subject = 'pe' AND NOT s.score IS NULL) AND s.stage = 'primary') AS a31,
    count_if((s.subject = 'pe' AND NOT s.score IS NULL) AND s.stage = 'junior') AS a32,
    sum(CASE WHEN (s.subject = 'pe' AND NOT s.score IS NULL) AND s.stage = 'primary' THEN s.score END) AS a33,
    sum(CASE WHEN (s.subject = 'pe' AND NOT s.score IS NULL) AND s.stage = 'junior' THEN s.score END) AS a34,
    sum(CASE WHEN (s.subject = 'pe' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score * s.score END) AS a35,
    sum(CASE WHEN (s.subject = 'pe' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score * s.score END) AS a36,
    count_if((s.subject IN ('music', 'art') AND NOT s.score IS NULL) AND s.stage = 'primary') AS a37,
    count_if((s.subject IN ('music', 'art') AND NOT s.score IS NULL) AND s.stage = 'junior') AS a38,
    sum(CASE WHEN (s.subject IN ('music', 'art') AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a39,
    sum(CASE WHEN (s.subject IN ('music', 'art') AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a40,
    sum(CASE WHEN (s.subject IN ('music', 'art') AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score * s.score END) AS a41,
    sum(CASE WHEN (s.subject IN ('music', 'art') AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score * s.score END) AS a42,
    count_if((s.subject = 'morality' AND NOT s.score IS NULL) AND s.stage = 'primary') AS a43,
    count_if((s.subject = 'morality' AND NOT s.score IS NULL) AND s.stage = 'junior') AS a44,
    sum(CASE WHEN (s.subject = 'morality' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score END) AS a45,
    sum(CASE WHEN (s.subject = 'morality' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score END) AS a46,
    sum(CASE WHEN (s.subject = 'morality' AND NOT s.score IS NULL)
      AND s.stage = 'primary' THEN s.score * s.score END) AS a47,
    sum(CASE WHEN (s.subject = 'morality' AND NOT s.score IS NULL)
      AND s.stage = 'junior' THEN s.score * s.score END) AS a48,
    count(*) AS n
  FROM marks s
  JOIN periods p ON p.kind = 'school_year' AND s.held_on >= p.start_on AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  (SUM(b.a0) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a1) FILTER(WHERE m.compulsory_pilot),
    0)) AS "t2_score_chinese.primary",
  (SUM(b.a2) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a3) FILTER(WHERE m.compulsory_pilot),
    0)) AS "t2_score_chinese.junior",
  (SUM(b.a4) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a5) FILTER(WHERE m.compulsory_pilot),
    0)) AS "t2_score_maths.primary",
  (SUM(b.a6) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a7) FILTER(WHERE m.compulsory_pilot),
    0)) AS "t2_score_maths.junior",
  (SUM(b.a8) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a9) FILTER(WHERE m.compulsory_pilot),
    0)) AS "t2_score_english.primary",
  (SUM(b.a10) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a11) FILTER(WHERE m.compulsory_pilot), 0)) AS "t2_score_english.junior",
  (SUM(b.a12) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a13) FILTER(WHERE m.compulsory_pilot), 0)) AS "t2_score_science.primary",
  (SUM(b.a14) FILTER(WHERE m.compulsory_pilot) / NULLIF(SUM(b.a15) FILTER(WHERE m.compulsory_pilot), 0)) AS "t2_score_science.junior",
  (SUM(b.a16) FILTER(WHERE m.town_seat_compulsory) / NULLIF(SUM(b.a17) FILTER(WHERE m.town_seat_compulsory), 0)) AS "t5_seat_score",
  (SUM(b.a16) FILTER(WHERE m.village_pilot) / NULLIF(SUM(b.a17) FILTER(WHERE m.village_pilot),
    0)) AS "t5_village_score",
  SUM(b.a18) FILTER(WHERE m.balance_schools) AS "q9_chinese_n.primary",
  SUM(b.a19) FILTER(WHERE m.balance_schools) AS "q9_chinese_n.junior",
  SUM(b.a0) FILTER(WHERE m.balance_schools) AS "q9_chinese_sum.primary",
  SUM(b.a2) FILTER(WHERE m.balance_schools) AS "q9_chinese_sum.junior",
  SUM(b.a20) FILTER(WHERE m.balance_schools) AS "q9_chinese_squares.primary",
  SUM(b.a21) FILTER(WHERE m.balance_schools) AS "q9_chinese_squares.junior",
  SUM(b.a22) FILTER(WHERE m.balance_schools) AS "q9_maths_n.primary",
  SUM(b.a23) FILTER(WHERE m.balance_schools) AS "q9_maths_n.junior",
  SUM(b.a4) FILTER(WHERE m.balance_schools) AS "q9_maths_sum.primary",
  SUM(b.a6) FILTER(WHERE m.balance_schools) AS "q9_maths_sum.junior",
  SUM(b.a24) FILTER(WHERE m.balance_schools) AS "q9_maths_squares.primary",
  SUM(b.a25) FILTER(WHERE m.balance_schools) AS "q9_maths_squares.junior",
  SUM(b.a26) FILTER(WHERE m.balance_schools) AS "q9_science_n.primary",
  SUM(b.a27) FILTER(WHERE m.balance_schools) AS "q9_science_n.junior",
  SUM(b.a12) FILTER(WHERE m.balance_schools) AS "q9_science_sum.primary",
  SUM(b.a28) FILTER(WHERE m.balance_schools) AS "q9_science_sum.junior",
  SUM(b.a29) FILTER(WHERE m.balance_schools) AS "q9_science_squares.primary",
  SUM(b.a30) FILTER(WHERE m.balance_schools) AS "q9_science_squares.junior",
  SUM(b.a31) FILTER(WHERE m.balance_schools) AS "q9_pe_n.primary",
  SUM(b.a32) FILTER(WHERE m.balance_schools) AS "q9_pe_n.junior",
  SUM(b.a33) FILTER(WHERE m.balance_schools) AS "q9_pe_sum.primary",
  SUM(b.a34) FILTER(WHERE m.balance_schools) AS "q9_pe_sum.junior",
  SUM(b.a35) FILTER(WHERE m.balance_schools) AS "q9_pe_squares.primary",
  SUM(b.a36) FILTER(WHERE m.balance_schools) AS "q9_pe_squares.junior",
  SUM(b.a37) FILTER(WHERE m.balance_schools) AS "q9_arts_n.primary",
  SUM(b.a38) FILTER(WHERE m.balance_schools) AS "q9_arts_n.junior",
  SUM(b.a39) FILTER(WHERE m.balance_schools) AS "q9_arts_sum.primary",
  SUM(b.a40) FILTER(WHERE m.balance_schools) AS "q9_arts_sum.junior",
  SUM(b.a41) FILTER(WHERE m.balance_schools) AS "q9_arts_squares.primary",
  SUM(b.a42) FILTER(WHERE m.balance_schools) AS "q9_arts_squares.junior",
  SUM(b.a43) FILTER(WHERE m.balance_schools) AS "q9_morality_n.primary",
  SUM(b.a44) FILTER(WHERE m.balance_schools) AS "q9_morality_n.junior",
  SUM(b.a45) FILTER(WHERE m.balance_schools) AS "q9_morality_sum.primary",
  SUM(b.a46) FILTER(WHERE m.balance_schools) AS "q9_morality_sum.junior",
  SUM(b.a47) FILTER(WHERE m.balance_schools) AS "q9_morality_squares.primary",
  SUM(b.a48) FILTER(WHERE m.balance_schools) AS "q9_morality_squares.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- survey_results.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.respondents = 'staff' AND s.question = 'identity' THEN s.positive END) AS a0,
    sum(CASE WHEN s.respondents = 'staff' AND s.question = 'identity' THEN s.answered END) AS a1,
    sum(CASE WHEN s.respondents = 'staff' AND s.question = 'belonging' THEN s.positive END) AS a2,
    sum(CASE WHEN s.respondents = 'staff' AND s.question = 'belonging' THEN s.answered END) AS a3,
    sum(CASE WHEN s.respondents = 'staff' AND s.question = 'honour' THEN s.positive END) AS a4,
    sum(CASE WHEN s.respondents = 'staff' AND s.question = 'honour' THEN s.answered END) AS a5,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'identity' THEN s.positive END) AS a6,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'identity' THEN s.answered END) AS a7,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'belonging' THEN s.positive END) AS a8,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'belonging' THEN s.answered END) AS a9,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'honour' THEN s.positive END) AS a10,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'honour' THEN s.answered END) AS a11,
    sum(CASE WHEN s.respondents = 'parents' AND s.question = 'satisfaction' THEN s.invited END) AS a12,
    sum(CASE WHEN s.respondents = 'parents' AND s.question = 'satisfaction' THEN s.positive END) AS a13,
    sum(CASE WHEN s.respondents = 'parents' AND s.question = 'satisfaction' THEN s.answered END) AS a14,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'satisfaction' THEN s.invited END) AS a15,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'satisfaction' THEN s.positive END) AS a16,
    sum(CASE WHEN s.respondents = 'pupils' AND s.question = 'satisfaction' THEN s.answered END) AS a17,
    sum(CASE WHEN s.question = 'satisfaction' THEN s.positive END) AS a18,
    sum(CASE WHEN s.question = 'satisfaction' THEN s.answered END) AS a19,
    count(*) AS n
  FROM survey_results s
  JOIN periods p ON p.kind = 'school_year' AND s.held_on >= p.start_on AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_schools),
    0) AS "t3_staff_identity",
  100 * SUM(b.a2) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.pilot_schools),
    0) AS "t3_staff_belonging",
  100 * SUM(b.a4) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a5) FILTER(WHERE m.pilot_schools),
    0) AS "t3_staff_honour",
  100 * SUM(b.a6) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a7) FILTER(WHERE m.pilot_schools),
    0) AS "t3_pupil_identity",
  100 * SUM(b.a8) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a9) FILTER(WHERE m.pilot_schools),
    0) AS "t3_pupil_belonging",
  100 * SUM(b.a10) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a11) FILTER(WHERE m.pilot_schools),
    0) AS "t3_pupil_honour",
  SUM(b.a12) FILTER(WHERE m.pilot_schools) AS "t7_parents_invited",
  100 * SUM(b.a13) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a14) FILTER(WHERE m.pilot_schools),
    0) AS "t7_parents",
  SUM(b.a15) FILTER(WHERE m.pilot_schools) AS "t7_pupils_invited",
  100 * SUM(b.a16) FILTER(WHERE m.pilot_schools) / NULLIF(SUM(b.a17) FILTER(WHERE m.pilot_schools),
    0) AS "t7_pupils",
  100 * SUM(b.a18) FILTER(WHERE m.compulsory_schools) / NULLIF(SUM(b.a19) FILTER(WHERE m.compulsory_schools), 0) AS "recognition",
  100 * SUM(b.a18) FILTER(WHERE m.preschool_kindergartens) / NULLIF(SUM(b.a19) FILTER(WHERE m.preschool_kindergartens), 0) AS "p_recognition"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- child_census.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(CASE WHEN s.stage = 'kindergarten' THEN s.local END) AS a0,
    sum(CASE WHEN s.stage = 'kindergarten' THEN s.children END) AS a1,
    sum(CASE WHEN s.stage = 'primary' THEN s.local END) AS a2,
    sum(CASE WHEN s.stage = 'primary' THEN s.children END) AS a3,
    sum(CASE WHEN s.stage = 'junior' THEN s.local END) AS a4,
    sum(CASE WHEN s.stage = 'junior' THEN s.children END) AS a5,
    sum(CASE WHEN s.stage IN ('primary', 'junior') THEN s.disabled_enrolled END) AS a6,
    sum(CASE WHEN s.stage IN ('primary', 'junior') THEN s.disabled END) AS a7,
    sum(CASE WHEN s.stage = 'kindergarten' THEN s.enrolled END) AS a8,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org,
    stage ORDER BY counted_on) AS next_on FROM child_census) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.pilot_towns) / NULLIF(SUM(b.a1) FILTER(WHERE m.pilot_towns),
    0) AS "t6_local_share.kindergarten",
  100 * SUM(b.a2) FILTER(WHERE m.pilot_towns) / NULLIF(SUM(b.a3) FILTER(WHERE m.pilot_towns),
    0) AS "t6_local_share.primary",
  100 * SUM(b.a4) FILTER(WHERE m.pilot_towns) / NULLIF(SUM(b.a5) FILTER(WHERE m.pilot_towns),
    0) AS "t6_local_share.junior",
  100 * SUM(b.a6) / NULLIF(SUM(b.a7), 0) AS "q2",
  100 * SUM(b.a8) / NULLIF(SUM(b.a1), 0) AS "p1_enrolment"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- assurances.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if(s.item = 'G1' AND s.met) AS a0,
    count_if(s.item = 'G1') AS a1,
    count_if(s.item = 'G2' AND s.met) AS a2,
    count_if(s.item = 'G2') AS a3,
    count_if(s.item = 'G6' AND s.met) AS a4,
    count_if(s.item = 'G6') AS a5,
    sum(CASE WHEN s.item = 'G7' THEN s.amount END) AS a6,
    sum(CASE WHEN s.item = 'G7' THEN s.base END) AS a7,
    count_if(s.item = 'G10' AND s.met) AS a8,
    count_if(s.item = 'G10') AS a9,
    sum(CASE WHEN s.item = 'G13P' THEN s.amount END) AS a10,
    sum(CASE WHEN s.item = 'G13P' THEN s.base END) AS a11,
    sum(CASE WHEN s.item = 'G13J' THEN s.amount END) AS a12,
    sum(CASE WHEN s.item = 'G13J' THEN s.base END) AS a13,
    sum(CASE WHEN s.item = 'G14' THEN s.amount END) AS a14,
    sum(CASE WHEN s.item = 'G14' THEN s.base END) AS a15,
    count_if(s.item = 'G15A' AND s.met) AS a16,
    count_if(s.item = 'G15A') AS a17,
    sum(CASE WHEN s.item = 'G15B' THEN s.amount END) AS a18,
    sum(CASE WHEN s.item = 'G15B' THEN s.base END) AS a19,
    sum(CASE WHEN s.item = 'Q1' THEN s.amount END) AS a20,
    sum(CASE WHEN s.item = 'Q1' THEN s.base END) AS a21,
    count_if(s.item = 'Q3' AND s.met) AS a22,
    count_if(s.item = 'Q3') AS a23,
    count_if(s.item = 'Q6' AND s.met) AS a24,
    count_if(s.item = 'Q6') AS a25,
    count_if(s.item = 'Q7' AND s.met) AS a26,
    count_if(s.item = 'Q7') AS a27,
    count_if(s.item = 'Q8' AND s.met) AS a28,
    count_if(s.item = 'Q8') AS a29,
    count_if(s.item = 'Q9' AND s.met) AS a30,
    count_if(s.item = 'Q9') AS a31,
    count_if(s.item = 'V1' AND s.met) AS a32,
    count_if(s.item = 'V1') AS a33,
    count_if(s.item = 'V2' AND s.met) AS a34,
    count_if(s.item = 'V2') AS a35,
    count_if(s.item = 'V3' AND s.met) AS a36,
    count_if(s.item = 'V3') AS a37,
    count_if(s.item = 'P2.1' AND s.met) AS a38,
    count_if(s.item = 'P2.1') AS a39,
    count_if(s.item = 'P2.2' AND s.met) AS a40,
    count_if(s.item = 'P2.2') AS a41,
    count_if(s.item = 'P2.3' AND s.met) AS a42,
    count_if(s.item = 'P2.3') AS a43,
    count_if(s.item = 'P2.4' AND s.met) AS a44,
    count_if(s.item = 'P2.4') AS a45,
    count_if(s.item = 'P2.5' AND s.met) AS a46,
    count_if(s.item = 'P2.5') AS a47,
    count_if(s.item = 'P2.6' AND s.met) AS a48,
    count_if(s.item = 'P2.6') AS a49,
    count_if(s.item = 'P2.7' AND s.met) AS a50,
    count_if(s.item = 'P2.7') AS a51,
    count_if(s.item = 'P2.8' AND s.met) AS a52,
    count_if(s.item = 'P2.8') AS a53,
    count_if(s.item = 'P2.9' AND s.met) AS a54,
    count_if(s.item = 'P2.9') AS a55,
    count_if(s.item = 'P2.10' AND s.met) AS a56,
    count_if(s.item = 'P2.10') AS a57,
    count_if(s.item = 'P2.11' AND s.met) AS a58,
    count_if(s.item = 'P2.11') AS a59,
    count_if(s.item = 'P3.1' AND s.met) AS a60,
    count_if(s.item = 'P3.1') AS a61,
    count_if(s.item = 'P3.2' AND s.met) AS a62,
    count_if(s.item = 'P3.2') AS a63,
    count_if(s.item = 'P3.3' AND s.met) AS a64,
    count_if(s.item = 'P3.3') AS a65,
    count_if(s.item = 'P3.4' AND s.met) AS a66,
    count_if(s.item = 'P3.4') AS a67,
    count_if(s.item = 'P3.5' AND s.met) AS a68,
    count_if(s.item = 'P3.5') AS a69,
    count_if(s.item = 'P3.6' AND s.met) AS a70,
    count_if(s.item = 'P3.6') AS a71,
    count(*) AS n
  FROM assurances s
  JOIN periods p ON p.kind = 'school_year' AND s.found_on >= p.start_on
    AND s.found_on < p.end_on AND s.found_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) / NULLIF(SUM(b.a1), 0) AS "g1",
  100 * SUM(b.a2) / NULLIF(SUM(b.a3), 0) AS "g2",
  100 * SUM(b.a4) / NULLIF(SUM(b.a5), 0) AS "g6",
  SUM(b.a6) / NULLIF(SUM(b.a7), 0) AS "g7",
  100 * SUM(b.a8) / NULLIF(SUM(b.a9), 0) AS "g10",
  100 * SUM(b.a10) / NULLIF(SUM(b.a11), 0) AS "g13_primary",
  100 * SUM(b.a12) / NULLIF(SUM(b.a13), 0) AS "g13_junior",
  100 * SUM(b.a14) / NULLIF(SUM(b.a15), 0) AS "g14",
  100 * SUM(b.a16) / NULLIF(SUM(b.a17), 0) AS "g15_care",
  100 * SUM(b.a18) / NULLIF(SUM(b.a19), 0) AS "g15_migrant",
  100 * SUM(b.a20) / NULLIF(SUM(b.a21), 0) AS "q1",
  100 * SUM(b.a22) / NULLIF(SUM(b.a23), 0) AS "q3",
  100 * SUM(b.a24) / NULLIF(SUM(b.a25), 0) AS "q6",
  100 * SUM(b.a26) / NULLIF(SUM(b.a27), 0) AS "q7_practice",
  100 * SUM(b.a28) / NULLIF(SUM(b.a29), 0) AS "q8",
  100 * SUM(b.a30) / NULLIF(SUM(b.a31), 0) AS "q9_level",
  100 * SUM(b.a32) / NULLIF(SUM(b.a33), 0) AS "veto_key_schools",
  100 * SUM(b.a34) / NULLIF(SUM(b.a35), 0) AS "veto_staffing",
  100 * SUM(b.a36) / NULLIF(SUM(b.a37), 0) AS "veto_honesty",
  100 * SUM(b.a38) / NULLIF(SUM(b.a39), 0) AS "p2_1",
  100 * SUM(b.a40) / NULLIF(SUM(b.a41), 0) AS "p2_2",
  100 * SUM(b.a42) / NULLIF(SUM(b.a43), 0) AS "p2_3",
  100 * SUM(b.a44) / NULLIF(SUM(b.a45), 0) AS "p2_4",
  100 * SUM(b.a46) / NULLIF(SUM(b.a47), 0) AS "p2_5",
  100 * SUM(b.a48) / NULLIF(SUM(b.a49), 0) AS "p2_6",
  100 * SUM(b.a50) / NULLIF(SUM(b.a51), 0) AS "p2_7",
  100 * SUM(b.a52) / NULLIF(SUM(b.a53), 0) AS "p2_8",
  100 * SUM(b.a54) / NULLIF(SUM(b.a55), 0) AS "p2_9",
  100 * SUM(b.a56) / NULLIF(SUM(b.a57), 0) AS "p2_10",
  100 * SUM(b.a58) / NULLIF(SUM(b.a59), 0) AS "p2_11",
  100 * SUM(b.a60) / NULLIF(SUM(b.a61), 0) AS "p3_1",
  100 * SUM(b.a62) / NULLIF(SUM(b.a63), 0) AS "p3_2",
  100 * SUM(b.a64) / NULLIF(SUM(b.a65), 0) AS "p3_3",
  100 * SUM(b.a66) / NULLIF(SUM(b.a67), 0) AS "p3_4",
  100 * SUM(b.a68) / NULLIF(SUM(b.a69), 0) AS "p3_5",
  100 * SUM(b.a70) / NULLIF(SUM(b.a71), 0) AS "p3_6"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- rotation_pools.school_year.point
WITH b AS (
  SELECT p.key AS period, s.org,
    sum(s.eligible) AS a0,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org ORDER BY counted_on) AS next_on FROM rotation_pools) AS s
  JOIN periods p ON p.kind = 'school_year' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.compulsory_schools) AS "rotation_eligible"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- pupils_census.school_year.point
WITH b AS (
  SELECT s.period AS period, s.org,
    count_if(s.stage = 'primary') AS a0,
    count_if(s.stage = 'junior') AS a1,
    count(*) AS n
  FROM (
  SELECT p.key AS period, e.org, e.stage
  FROM periods p JOIN enrolments e
    ON e.valid_from <= p.census_on AND (e.valid_to IS NULL OR p.census_on < e.valid_to)
  WHERE p.kind = 'school_year') AS s
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.balance_schools) AS "balance_pupils.primary",
  SUM(b.a1) FILTER(WHERE m.balance_schools) AS "balance_pupils.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- teachers_census.school_year.point
WITH b AS (
  SELECT s.period AS period, s.org,
    count_if((s.full_time_teacher AND s.stage = 'primary') AND s.degree_rank >= 3) AS a0,
    count_if((s.full_time_teacher AND s.stage = 'junior') AND s.degree_rank >= 4) AS a1,
    count_if((s.full_time_teacher AND s.stage = 'primary') AND s.key_teacher) AS a2,
    count_if((s.full_time_teacher AND s.stage = 'junior') AND s.key_teacher) AS a3,
    count_if((s.full_time_teacher AND s.stage = 'primary') AND s.subject IN ('pe', 'music', 'art')) AS a4,
    count_if((s.full_time_teacher AND s.stage = 'junior') AND s.subject IN ('pe', 'music', 'art')) AS a5,
    count_if(s.full_time_teacher AND s.stage = 'primary') AS a6,
    count_if(s.full_time_teacher AND s.stage = 'junior') AS a7,
    count_if((s.full_time_teacher AND s.stage = 'primary') AND s.middle_or_senior) AS a8,
    count_if((s.full_time_teacher AND s.stage = 'junior') AND s.middle_or_senior) AS a9,
    count(*) AS n
  FROM (
  WITH p AS (SELECT key, census_on AS day FROM periods WHERE kind = 'school_year'),
  gained AS (
    SELECT p.key, q.staff_no, bool_or(q.kind = 'certificate') AS certified,
      max(CASE WHEN q.kind = 'degree' THEN list_position(
        ['below', 'secondary', 'college', 'bachelor', 'master', 'doctor'], q.level) END) AS rank
    FROM p JOIN qualifications q ON q.gained_on <= p.day GROUP BY ALL),
  honoured AS (
    SELECT p.key, h.staff_no, bool_or(h.title IN ('key_teacher', 'subject_leader',
        'teaching_expert', 'special_grade', 'rural_special')) AS key_teacher,
      bool_or(h.title = 'ranked_head') AS ranked_head
    FROM p JOIN honours h ON h.valid_from <= p.day AND (h.valid_to IS NULL OR p.day < h.valid_to)
    GROUP BY ALL),
  titled AS (
    SELECT p.key, t.staff_no, bool_or(t.grade IN ('senior', 'vice_senior', 'middle')) AS middle
    FROM p JOIN titles t ON t.valid_from <= p.day AND (t.valid_to IS NULL OR p.day < t.valid_to)
    GROUP BY ALL),
  trained AS (
    SELECT p.key, r.staff_no, sum(r.hours) AS hours FROM p JOIN training_records r
      ON r.finished_on <= p.day AND r.finished_on > p.day - INTERVAL 5 YEAR
    GROUP BY ALL)
  SELECT p.key AS period, x.org, x.stage, x.role, x.subject, x.full_time_teacher, f.employment,
    greatest(g.rank, list_position(
      ['below', 'secondary', 'college', 'bachelor', 'master', 'doctor'], f.hired_degree))
      AS degree_rank,
    coalesce(g.certified, false) AS certified, coalesce(h.key_teacher, false) AS key_teacher,
    coalesce(h.ranked_head, false) AS ranked_head, coalesce(t.middle, false) AS middle_or_senior,
    coalesce(r.hours, 0) AS five_year_hours
  FROM p JOIN posts x ON x.valid_from <= p.day AND (x.valid_to IS NULL OR p.day < x.valid_to)
  LEFT JOIN staff f ON f.staff_no = x.staff_no
  LEFT JOIN gained g ON g.key = p.key AND g.staff_no = x.staff_no
  LEFT JOIN honoured h ON h.key = p.key AND h.staff_no = x.staff_no
  LEFT JOIN titled t ON t.key = p.key AND t.staff_no = x.staff_no
  LEFT JOIN trained r ON r.key = p.key AND r.staff_no = x.staff_no) AS s
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.balance_schools) AS "l1_teachers.primary",
  SUM(b.a1) FILTER(WHERE m.balance_schools) AS "l1_teachers.junior",
  SUM(b.a2) FILTER(WHERE m.balance_schools) AS "l2_teachers.primary",
  SUM(b.a3) FILTER(WHERE m.balance_schools) AS "l2_teachers.junior",
  SUM(b.a4) FILTER(WHERE m.balance_schools) AS "l3_teachers.primary",
  SUM(b.a5) FILTER(WHERE m.balance_schools) AS "l3_teachers.junior",
  SUM(b.a6) FILTER(WHERE m.balance_schools) AS "b_teachers.primary",
  SUM(b.a7) FILTER(WHERE m.balance_schools) AS "b_teachers.junior",
  SUM(b.a8) FILTER(WHERE m.balance_schools) AS "b_titled.primary",
  SUM(b.a9) FILTER(WHERE m.balance_schools) AS "b_titled.junior"
FROM b JOIN places m ON m.kind = 'school_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- pupils_at.calendar_year.point
WITH b AS (
  SELECT s.period AS period, s.org,
    count_if(s.stage = 'kindergarten') AS a0,
    count(*) AS n
  FROM (
  SELECT p.key AS period, e.org, e.stage
  FROM periods p JOIN enrolments e
    ON e.valid_from <= p.point_on AND (e.valid_to IS NULL OR p.point_on < e.valid_to)
  WHERE p.kind = 'calendar_year') AS s
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  SUM(b.a0) FILTER(WHERE m.preschool_public) AS "p_funded_children"
FROM b JOIN places m ON m.kind = 'calendar_year' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- five_checks.term.point
WITH b AS (
  SELECT p.key AS period, s.org,
    max(CASE WHEN s.stage = 'primary' THEN s.homework_minutes END) AS a0,
    max(CASE WHEN s.stage = 'junior' THEN s.homework_minutes END) AS a1,
    count_if(s.stage = 'primary' AND s.low_grades_free) AS a2,
    count_if(s.stage = 'primary') AS a3,
    sum(CASE WHEN s.stage = 'primary' THEN s.sleep_hours END) AS a4,
    count(CASE WHEN s.stage = 'primary' THEN s.sleep_hours END) AS a5,
    sum(CASE WHEN s.stage = 'junior' THEN s.sleep_hours END) AS a6,
    count(CASE WHEN s.stage = 'junior' THEN s.sleep_hours END) AS a7,
    min(CASE WHEN s.stage = 'primary' THEN s.start_minute END) AS a8,
    min(CASE WHEN s.stage = 'junior' THEN s.start_minute END) AS a9,
    count_if(s.stage = 'primary' AND s.phones_ruled) AS a10,
    count_if(s.stage = 'junior' AND s.phones_ruled) AS a11,
    count_if(s.stage = 'junior') AS a12,
    count_if(s.stage = 'primary' AND s.reading_screened) AS a13,
    count_if(s.stage = 'junior' AND s.reading_screened) AS a14,
    min(CASE WHEN s.stage = 'primary' THEN s.exercise_minutes END) AS a15,
    min(CASE WHEN s.stage = 'junior' THEN s.exercise_minutes END) AS a16,
    min(CASE WHEN s.stage = 'primary' THEN s.break_minutes END) AS a17,
    min(CASE WHEN s.stage = 'junior' THEN s.break_minutes END) AS a18,
    count(*) AS n
  FROM five_checks s
  JOIN periods p ON p.kind = 'term' AND s.checked_on >= p.start_on AND s.checked_on < p.end_on
    AND s.checked_on <= p.point_on
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  MAX(b.a0) FILTER(WHERE m.five_schools) AS "f_homework.primary",
  MAX(b.a1) FILTER(WHERE m.five_schools) AS "f_homework.junior",
  100 * SUM(b.a2) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.five_schools),
    0) AS "f_low_grades.primary",
  (SUM(b.a4) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a5) FILTER(WHERE m.five_schools),
    0)) AS "f_sleep.primary",
  (SUM(b.a6) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a7) FILTER(WHERE m.five_schools),
    0)) AS "f_sleep.junior",
  MIN(b.a8) FILTER(WHERE m.five_schools) AS "f_start.primary",
  MIN(b.a9) FILTER(WHERE m.five_schools) AS "f_start.junior",
  100 * SUM(b.a10) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.five_schools),
    0) AS "f_phones.primary",
  100 * SUM(b.a11) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a12) FILTER(WHERE m.five_schools),
    0) AS "f_phones.junior",
  100 * SUM(b.a13) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.five_schools),
    0) AS "f_reading.primary",
  100 * SUM(b.a14) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a12) FILTER(WHERE m.five_schools),
    0) AS "f_reading.junior",
  MIN(b.a15) FILTER(WHERE m.five_schools) AS "f_exercise.primary",
  MIN(b.a16) FILTER(WHERE m.five_schools) AS "f_exercise.junior",
  MIN(b.a17) FILTER(WHERE m.five_schools) AS "f_break.primary",
  MIN(b.a18) FILTER(WHERE m.five_schools) AS "f_break.junior"
FROM b JOIN places m ON m.kind = 'term' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- timetable.term.point
WITH b AS (
  SELECT p.key AS period, s.org,
    count_if((s.subject = 'pe' AND s.stage = 'primary')
      AND s.taught_periods >= CASE WHEN s.grade <= 2 THEN 4 ELSE 3 END) AS a0,
    count_if(s.subject = 'pe' AND s.stage = 'primary') AS a1,
    count_if((s.subject = 'pe' AND s.stage = 'junior') AND s.taught_periods >= 3) AS a2,
    count_if(s.subject = 'pe' AND s.stage = 'junior') AS a3,
    count(*) AS n
  FROM (
  SELECT *, lead(counted_on) OVER (PARTITION BY org, stage, grade,
    subject ORDER BY counted_on) AS next_on FROM timetable) AS s
  JOIN periods p ON p.kind = 'term' AND s.counted_on <= p.point_on
    AND (s.next_on IS NULL OR p.point_on < s.next_on)
  GROUP BY 1, 2)
SELECT m.key, coalesce(m.school, m.town, m.county) AS org, count_if(b.n > 0) AS units,
  100 * SUM(b.a0) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a1) FILTER(WHERE m.five_schools),
    0) AS "f_pe.primary",
  100 * SUM(b.a2) FILTER(WHERE m.five_schools) / NULLIF(SUM(b.a3) FILTER(WHERE m.five_schools),
    0) AS "f_pe.junior"
FROM b JOIN places m ON m.kind = 'term' AND m.key = b.period AND m.org = b.org
GROUP BY GROUPING SETS ((m.key, m.school), (m.key, m.town), (m.key, m.county))
HAVING coalesce(m.school, m.town, m.county) IS NOT NULL;

-- duties.org
WITH trainings AS (
  SELECT r.org, r.staff_no, t.kind, t.form, t.place_level, r.hours, r.finished_on
  FROM training_records r JOIN training_sessions t ON t.session_no = r.session_no),
e AS (
  SELECT 'm1_work_team' AS duty, org AS subject, held_on AS day FROM meetings
  WHERE org IS NOT NULL AND kind = 'work_team'
  UNION ALL
  SELECT 'm4_head_exchange' AS duty, organiser AS subject, valid_from AS day FROM rotations
  WHERE organiser IS NOT NULL AND kind = 'head_exchange'
  UNION ALL
  SELECT 'm7_recruitment' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'recruitment_notice'
  UNION ALL
  SELECT 'm9_key_advanced' AS duty, org AS subject, finished_on AS day FROM trainings
  WHERE org IS NOT NULL AND kind = 'advanced'
  UNION ALL
  SELECT 's3_receive_teachers' AS duty, to_org AS subject, valid_from AS day FROM rotations
  WHERE to_org IS NOT NULL AND kind IN ('rotation', 'support')
  UNION ALL
  SELECT 'm35_city_visit' AS duty, org AS subject, visited_on AS day FROM visits
  WHERE org IS NOT NULL AND visitor = 'city_researcher'
  UNION ALL
  SELECT 'm35_county_visit' AS duty, org AS subject, visited_on AS day FROM visits
  WHERE org IS NOT NULL AND visitor = 'county_researcher'
  UNION ALL
  SELECT 'm35_key_teacher' AS duty, org AS subject, visited_on AS day FROM visits
  WHERE org IS NOT NULL AND visitor = 'key_teacher'
  UNION ALL
  SELECT 'm36_joint' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'joint_teaching_research'
  UNION ALL
  SELECT 'm36_curriculum' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'research_curriculum'
  UNION ALL
  SELECT 'm36_teaching' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'research_teaching'
  UNION ALL
  SELECT 'm36_homework' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'research_homework'
  UNION ALL
  SELECT 'm36_exam' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'research_exam'
  UNION ALL
  SELECT 'm37_evaluation' AS duty, org AS subject, held_on AS day FROM inspections
  WHERE org IS NOT NULL AND kind IN ('quality', 'kindergarten')
  UNION ALL
  SELECT 'm37_diagnosis' AS duty, org AS subject, held_on AS day FROM inspections
  WHERE org IS NOT NULL AND kind = 'diagnosis'
  UNION ALL
  SELECT 's1_bureau_meeting' AS duty, org AS subject, held_on AS day FROM meetings
  WHERE org IS NOT NULL AND kind = 'leading_group'
  UNION ALL
  SELECT 's1_town_meeting' AS duty, org AS subject, held_on AS day FROM meetings
  WHERE org IS NOT NULL AND kind = 'leading_group'
  UNION ALL
  SELECT 's5_site_show' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'site_show'
  UNION ALL
  SELECT 's5_media_show' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'media_show'
  UNION ALL
  SELECT 'm11_art_show' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'art_show'
  UNION ALL
  SELECT 'm11_labour' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'labour_practice'
  UNION ALL
  SELECT 'm11_special' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'special_course'
  UNION ALL
  SELECT 'm12_check' AS duty, org AS subject, held_on AS day FROM inspections
  WHERE org IS NOT NULL AND kind = 'curriculum'
  UNION ALL
  SELECT 'm13_maintenance' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'network_check'
  UNION ALL
  SELECT 'm14_dual_teacher' AS duty, org AS subject, taught_on AS day FROM digital_lessons
  WHERE org IS NOT NULL AND kind = 'dual_teacher'
  UNION ALL
  SELECT 'm14_precise' AS duty, org AS subject, taught_on AS day FROM digital_lessons
  WHERE org IS NOT NULL AND kind = 'precise'
  UNION ALL
  SELECT 'm14_good_lessons' AS duty, org AS subject, taught_on AS day FROM digital_lessons
  WHERE org IS NOT NULL AND source_level IN ('county', 'city', 'province', 'nation')
  UNION ALL
  SELECT 'm14_new_resources' AS duty, org AS subject, valid_from AS day FROM resources
  WHERE org IS NOT NULL AND (third_party OR source_level IN ('province', 'nation'))
  UNION ALL
  SELECT 'm15_programming' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'programming_contest'
  UNION ALL
  SELECT 'm15_maker_contest' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'maker_contest'
  UNION ALL
  SELECT 'm15_ai_experience' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'ai_experience'
  UNION ALL
  SELECT 'm15_lesson_contest' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'it_lesson_contest'
  UNION ALL
  SELECT 't5_town_help' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'town_help'
  UNION ALL
  SELECT 'm16_exchange' AS duty, to_org AS subject, valid_from AS day FROM rotations
  WHERE to_org IS NOT NULL AND kind IN ('rotation', 'support', 'head_exchange', 'part_time')
  UNION ALL
  SELECT 'm16_joint_research' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'joint_research'
  UNION ALL
  SELECT 'm16_experience' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'experience_transfer'
  UNION ALL
  SELECT 'm16_culture' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'culture_help'
  UNION ALL
  SELECT 'm17_shared_lessons' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'district_lesson'
  UNION ALL
  SELECT 'm17_unity' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'kindergarten_unity'
  UNION ALL
  SELECT 'm18_staff_congress' AS duty, org AS subject, held_on AS day FROM meetings
  WHERE org IS NOT NULL AND kind = 'staff_congress'
  UNION ALL
  SELECT 'm23_club_activities' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'club_activity'
  UNION ALL
  SELECT 'm23_campus' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'campus_care'
  UNION ALL
  SELECT 'm24_month_report' AS duty, org AS subject, reported_on AS day FROM dropout_reports
  WHERE org IS NOT NULL AND kind = 'school_month'
  UNION ALL
  SELECT 'm25_screening' AS duty, org AS subject, screened_on AS day FROM screenings
  WHERE org IS NOT NULL
  UNION ALL
  SELECT 'm27_family_love' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'family_love'
  UNION ALL
  SELECT 'm27_reading_home' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'reading_home'
  UNION ALL
  SELECT 'm27_first_lesson' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'first_lesson_parents'
  UNION ALL
  SELECT 'm27_new_parents' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'new_parents'
  UNION ALL
  SELECT 'm28_open_day' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'open_day'
  UNION ALL
  SELECT 'm28_head_day' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'head_day'
  UNION ALL
  SELECT 'm28_committee' AS duty, org AS subject, held_on AS day FROM meetings
  WHERE org IS NOT NULL AND kind = 'parents_committee'
  UNION ALL
  SELECT 'm29_school' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'parents_class'
  UNION ALL
  SELECT 'm29_town' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'parents_class'
  UNION ALL
  SELECT 'm30_self_check' AS duty, org AS subject, checked_on AS day FROM five_checks
  WHERE org IS NOT NULL
  UNION ALL
  SELECT 'm30_case_call' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'case_call'
  UNION ALL
  SELECT 'm31_community' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'community_activity'
  UNION ALL
  SELECT 'm32_party_class' AS duty, org AS subject, starts_on AS day FROM training_sessions
  WHERE org IS NOT NULL AND kind = 'party'
  UNION ALL
  SELECT 'm32_mentoring' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'party_mentoring'
  UNION ALL
  SELECT 'm33_joint' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'party_pairing'
  UNION ALL
  SELECT 'm34_key_project' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'party_key_project'
  UNION ALL
  SELECT 'm3_fund_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'fund_rules'
  UNION ALL
  SELECT 'm3_reward_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'reward_rules'
  UNION ALL
  SELECT 'm4_reserve_list' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'reserve_list'
  UNION ALL
  SELECT 'm4_exchange_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'exchange_rules'
  UNION ALL
  SELECT 'm8_dasheng_registered' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'establishment_approval'
  UNION ALL
  SELECT 'm8_guanzhuang_registered' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'establishment_approval'
  UNION ALL
  SELECT 'm8_headcount_filing' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'headcount_filing'
  UNION ALL
  SELECT 'm9_title_quota' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'title_quota'
  UNION ALL
  SELECT 'm9_two_tracks' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'grassroots_titles'
  UNION ALL
  SELECT 'm10_care_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'teacher_care_rules'
  UNION ALL
  SELECT 'm10_housing_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'housing_standard'
  UNION ALL
  SELECT 'm10_union' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'union'
  UNION ALL
  SELECT 'm1_dszx_ground' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_ground'
  UNION ALL
  SELECT 'm1_dszx_road' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_road'
  UNION ALL
  SELECT 'm1_dszx_dormitory' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_dormitory'
  UNION ALL
  SELECT 'm1_dszx_housing' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_housing'
  UNION ALL
  SELECT 'm1_dszx_library' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_library'
  UNION ALL
  SELECT 'm1_dszx_arts' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_arts'
  UNION ALL
  SELECT 'm1_dszx_laboratory' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_laboratory'
  UNION ALL
  SELECT 'm1_dszx_other' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_other'
  UNION ALL
  SELECT 'm1_dszx_wiring' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_wiring'
  UNION ALL
  SELECT 'm1_dszx_fittings' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dszx_fittings'
  UNION ALL
  SELECT 'm1_dsxx_arts' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dsxx_arts'
  UNION ALL
  SELECT 'm1_dsxx_laboratory' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dsxx_laboratory'
  UNION ALL
  SELECT 'm1_dsxx_security' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dsxx_security'
  UNION ALL
  SELECT 'm1_dsxx_computers' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dsxx_computers'
  UNION ALL
  SELECT 'm1_dsxx_gym' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_dsxx_gym'
  UNION ALL
  SELECT 'm1_gzxx_ground' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_gzxx_ground'
  UNION ALL
  SELECT 'm1_ggxx_ground' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_ggxx_ground'
  UNION ALL
  SELECT 'm1_gzzx_instruments' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_gzzx_instruments'
  UNION ALL
  SELECT 'm1_gzxx_instruments' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm1_gzxx_instruments'
  UNION ALL
  SELECT 'm1_dasheng_team' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'work_team'
  UNION ALL
  SELECT 'm1_guanzhuang_team' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'work_team'
  UNION ALL
  SELECT 'm2_dasheng_rebuilt' AS duty, org AS subject, accepted_on AS day FROM works
  WHERE org IS NOT NULL AND plan_item = 'm2_dasheng_rebuilt'
  UNION ALL
  SELECT 'm2_guanzhuang_trained' AS duty, org AS subject, starts_on AS day FROM training_sessions
  WHERE org IS NOT NULL AND cost > 0
  UNION ALL
  SELECT 'm35_city_researcher' AS duty, org AS subject, valid_from AS day FROM assignments
  WHERE org IS NOT NULL AND visitor = 'city_researcher'
  UNION ALL
  SELECT 'm35_county_researcher' AS duty, org AS subject, valid_from AS day FROM assignments
  WHERE org IS NOT NULL AND visitor = 'county_researcher'
  UNION ALL
  SELECT 'm35_key_teachers' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'key_teacher_contact'
  UNION ALL
  SELECT 'm36_responsibility' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'research_responsibility'
  UNION ALL
  SELECT 'm37_method' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'quality_method'
  UNION ALL
  SELECT 's1_bureau_group' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'leading_group'
  UNION ALL
  SELECT 's1_group_office' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'group_office'
  UNION ALL
  SELECT 's1_town_groups' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'leading_group'
  UNION ALL
  SELECT 's1_school_groups' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'leading_group'
  UNION ALL
  SELECT 's2_town_plans' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'town_plan'
  UNION ALL
  SELECT 's2_school_plans' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'quality_plan'
  UNION ALL
  SELECT 's3_policy' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'policy_support'
  UNION ALL
  SELECT 's4_system' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'evaluation_system'
  UNION ALL
  SELECT 'm11_moral_plan' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'moral_plan'
  UNION ALL
  SELECT 'm14_data_platform' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'data_platform'
  UNION ALL
  SELECT 'm14_smart_list' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'smart_schools'
  UNION ALL
  SELECT 'm14_resource_centre' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'resource_centre'
  UNION ALL
  SELECT 'm14_course_centre' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'course_centre'
  UNION ALL
  SELECT 'm14_course_platform' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'course_platform'
  UNION ALL
  SELECT 'm14_third_party_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'third_party_rules'
  UNION ALL
  SELECT 'm15_governance_centre' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'centre'
  UNION ALL
  SELECT 'm15_governance_system' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'governance_centre'
  UNION ALL
  SELECT 'm16_pairing' AS duty, org AS subject, valid_from AS day FROM org_edges
  WHERE org IS NOT NULL AND hierarchy IN ('trusteeship', 'one_head', 'urban_rural')
  UNION ALL
  SELECT 'm17_district_scheme' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'district_scheme'
  UNION ALL
  SELECT 'm18_charter' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'charter'
  UNION ALL
  SELECT 'm18_congress_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'congress_rules'
  UNION ALL
  SELECT 'm18_congress' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'staff_congress'
  UNION ALL
  SELECT 'm19_curriculum_plan' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'curriculum_plan'
  UNION ALL
  SELECT 'm19_evaluation_scheme' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'evaluation_scheme'
  UNION ALL
  SELECT 'm20_hiring_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'hiring_rules'
  UNION ALL
  SELECT 'm21_operating_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'operating_rules'
  UNION ALL
  SELECT 'm22_pay_scheme' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'pay_scheme'
  UNION ALL
  SELECT 'm23_ethos' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'school_ethos'
  UNION ALL
  SELECT 'm23_culture_plan' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'culture_plan'
  UNION ALL
  SELECT 'm23_warm_campus' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'warm_campus'
  UNION ALL
  SELECT 'm24_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'dropout_rules'
  UNION ALL
  SELECT 'm25_learning_help' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'learning_help_rules'
  UNION ALL
  SELECT 'm25_mental_health' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'mental_health_rules'
  UNION ALL
  SELECT 'm26_model' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'aid_model'
  UNION ALL
  SELECT 'm28_school_committee' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'parents_school'
  UNION ALL
  SELECT 'm28_grade_committee' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'parents_grade'
  UNION ALL
  SELECT 'm28_class_committee' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'parents_class'
  UNION ALL
  SELECT 'm28_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'parents_rules'
  UNION ALL
  SELECT 'm32_branch' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'party_branch'
  UNION ALL
  SELECT 'm33_pairing' AS duty, org AS subject, valid_from AS day FROM org_edges
  WHERE org IS NOT NULL AND hierarchy = 'party'
  UNION ALL
  SELECT 'm33_dasheng' AS duty, org AS subject, valid_from AS day FROM org_edges
  WHERE org IS NOT NULL AND hierarchy = 'party' AND parent = '2137000001'
  UNION ALL
  SELECT 'm33_guanzhuang' AS duty, org AS subject, valid_from AS day FROM org_edges
  WHERE org IS NOT NULL AND hierarchy = 'party' AND parent = '3137000001'
  UNION ALL
  SELECT 'm33_alliance' AS duty, org AS subject, valid_from AS day FROM bodies
  WHERE org IS NOT NULL AND kind = 'alliance'
  UNION ALL
  SELECT 'm34_assessment_rules' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'party_assessment_rules'
  UNION ALL
  SELECT 'm34_history' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'party_history'
  UNION ALL
  SELECT 'm34_centenary' AS duty, org AS subject, held_on AS day FROM activities
  WHERE org IS NOT NULL AND kind = 'party_centenary'
  UNION ALL
  SELECT 'm34_brand' AS duty, org AS subject, valid_from AS day FROM documents
  WHERE org IS NOT NULL AND kind = 'party_brand'),
c AS (
  SELECT w.duty, w.number, e.subject, count(*) AS n
  FROM windows w JOIN e ON e.duty = w.duty AND e.day >= w.counts_from AND e.day < w.due_on
    AND e.day <= w.judged_on
  GROUP BY ALL),
o AS (
  SELECT w.duty, w.number, w.key, w.needed, g.org FROM windows w
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.bureau
  WHERE w.duty IN ('m4_head_exchange', 'm7_recruitment', 's1_bureau_meeting', 's5_site_show',
    's5_media_show', 'm13_maintenance', 'm14_new_resources', 'm15_programming',
      'm15_maker_contest', 'm15_ai_experience', 'm15_lesson_contest', 'm30_case_call', 'm32_party_class')
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, g.org FROM windows w
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.centre_kindergartens
  WHERE w.duty IN ('m17_unity')
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, g.org FROM windows w
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.compulsory_pilot
  WHERE w.duty IN ('m35_county_visit', 'm35_key_teacher', 'm36_curriculum', 'm36_teaching',
    'm36_homework', 'm36_exam', 'm11_labour', 'm12_check', 'm14_dual_teacher', 'm14_precise',
      'm14_good_lessons', 'm23_club_activities', 'm24_month_report', 'm25_screening',
        'm30_self_check', 'm32_mentoring', 'm33_joint', 'm34_key_project', 'm35_county_researcher',
          'm11_moral_plan', 'm23_ethos', 'm23_culture_plan', 'm25_learning_help',
            'm25_mental_health', 'm28_grade_committee', 'm32_branch', 'm33_pairing', 'm34_history',
              'm34_centenary', 'm34_brand')
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, g.org FROM windows w
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.pilot_schools
  WHERE w.duty IN ('m9_key_advanced', 'm37_evaluation', 'm37_diagnosis', 'm11_art_show',
    'm11_special', 'm18_staff_congress', 'm23_campus', 'm27_family_love', 'm27_reading_home',
      'm27_first_lesson', 'm27_new_parents', 'm28_open_day', 'm28_head_day', 'm28_committee',
        'm29_school', 'm31_community', 'm10_care_rules', 'm10_union', 's1_school_groups',
          's2_school_plans', 'm18_charter', 'm18_congress_rules', 'm18_congress',
            'm19_curriculum_plan', 'm19_evaluation_scheme', 'm20_hiring_rules',
              'm21_operating_rules', 'm22_pay_scheme', 'm26_model', 'm28_school_committee',
                'm28_class_committee', 'm28_rules')
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, g.org FROM windows w
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.pilot_towns
  WHERE w.duty IN ('m1_work_team', 'm36_joint', 's1_town_meeting', 'm29_town', 's1_town_groups',
    's2_town_plans', 'm17_district_scheme')
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, g.org FROM windows w
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.town_seat_compulsory
  WHERE w.duty IN ('m17_shared_lessons', 'm23_warm_campus')
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, g.org FROM windows w
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.town_seat_pilot
  WHERE w.duty IN ('s3_receive_teachers', 'm35_city_visit', 't5_town_help', 'm16_exchange',
    'm16_joint_research', 'm16_experience', 'm16_culture', 'm35_city_researcher', 'm16_pairing')
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm3_fund_rules'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm3_reward_rules'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm4_reserve_list'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm4_exchange_rules'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '1137000101' FROM windows w WHERE w.duty = 'm8_dasheng_registered'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed,
    '1137000102' FROM windows w WHERE w.duty = 'm8_guanzhuang_registered'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm8_headcount_filing'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm9_title_quota'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm9_two_tracks'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm10_housing_rules'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_ground'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_road'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_dormitory'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_housing'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_library'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_arts'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_laboratory'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_other'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_wiring'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm1_dszx_fittings'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '2137000101' FROM windows w WHERE w.duty = 'm1_dsxx_arts'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '2137000101' FROM windows w WHERE w.duty = 'm1_dsxx_laboratory'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '2137000101' FROM windows w WHERE w.duty = 'm1_dsxx_security'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '2137000101' FROM windows w WHERE w.duty = 'm1_dsxx_computers'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '2137000101' FROM windows w WHERE w.duty = 'm1_dsxx_gym'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '2137000102' FROM windows w WHERE w.duty = 'm1_gzxx_ground'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000103' FROM windows w WHERE w.duty = 'm1_ggxx_ground'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000102' FROM windows w WHERE w.duty = 'm1_gzzx_instruments'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '2137000102' FROM windows w WHERE w.duty = 'm1_gzxx_instruments'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784105' FROM windows w WHERE w.duty = 'm1_dasheng_team'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784109' FROM windows w WHERE w.duty = 'm1_guanzhuang_team'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '1137000101' FROM windows w WHERE w.duty = 'm2_dasheng_rebuilt'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784109' FROM windows w WHERE w.duty = 'm2_guanzhuang_trained'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm35_key_teachers'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm36_responsibility'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm37_method'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 's1_bureau_group'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 's1_group_office'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784' FROM windows w WHERE w.duty = 's3_policy'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 's4_system'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm14_data_platform'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm14_smart_list'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm14_resource_centre'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm14_course_centre'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm14_course_platform'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm14_third_party_rules'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm15_governance_centre'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm15_governance_system'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm24_rules'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000101' FROM windows w WHERE w.duty = 'm33_dasheng'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '3137000102' FROM windows w WHERE w.duty = 'm33_guanzhuang'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm33_alliance'
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, '370784000' FROM windows w WHERE w.duty = 'm34_assessment_rules')
SELECT o.duty, o.key, o.org, count(*) AS owed, count_if(coalesce(c.n, 0) >= o.needed) AS done
FROM o LEFT JOIN c ON c.duty = o.duty AND c.number = o.number AND c.subject = o.org
GROUP BY ALL;

-- duties.persons
WITH trainings AS (
  SELECT r.org, r.staff_no, t.kind, t.form, t.place_level, r.hours, r.finished_on
  FROM training_records r JOIN training_sessions t ON t.session_no = r.session_no),
e AS (
  SELECT 'm5_shadow_person' AS duty, staff_no AS subject, finished_on AS day FROM trainings
  WHERE staff_no IS NOT NULL AND kind = 'shadow'
  UNION ALL
  SELECT 'm10_health_check' AS duty, staff_no AS subject, given_on AS day FROM teacher_care
  WHERE staff_no IS NOT NULL AND kind = 'health_check'
  UNION ALL
  SELECT 'm10_home_visit' AS duty, staff_no AS subject, given_on AS day FROM teacher_care
  WHERE staff_no IS NOT NULL AND kind = 'home_visit'
  UNION ALL
  SELECT 'm10_birthday' AS duty, staff_no AS subject, given_on AS day FROM teacher_care
  WHERE staff_no IS NOT NULL AND kind = 'birthday'
  UNION ALL
  SELECT 'm10_training' AS duty, staff_no AS subject, given_on AS day FROM teacher_care
  WHERE staff_no IS NOT NULL AND kind = 'training'
  UNION ALL
  SELECT 'm10_festival' AS duty, staff_no AS subject, given_on AS day FROM teacher_care
  WHERE staff_no IS NOT NULL AND kind = 'festival'
  UNION ALL
  SELECT 'm10_fitness' AS duty, staff_no AS subject, given_on AS day FROM teacher_care
  WHERE staff_no IS NOT NULL AND kind = 'fitness'
  UNION ALL
  SELECT 'm35_researcher_school' AS duty, a.staff_no AS subject, a.valid_from AS day
  FROM assignments a JOIN orgs o ON o.org = a.org AND o.valid_from <= a.valid_from
    AND (o.valid_to IS NULL OR a.valid_from < o.valid_to)
  WHERE a.staff_no IS NOT NULL AND a.visitor = 'county_researcher'
    AND o.residence IN ('town', 'village')
  UNION ALL
  SELECT 's4_head_rank' AS duty, staff_no AS subject, held_on AS day FROM assessments
  WHERE staff_no IS NOT NULL AND kind = 'head_rank'
  UNION ALL
  SELECT 'm15_it_head' AS duty, staff_no AS subject, finished_on AS day FROM trainings
  WHERE staff_no IS NOT NULL AND kind = 'it_head'
  UNION ALL
  SELECT 'm15_it_researcher' AS duty, staff_no AS subject, finished_on AS day FROM trainings
  WHERE staff_no IS NOT NULL AND kind = 'it_researcher'
  UNION ALL
  SELECT 'm15_it_all' AS duty, staff_no AS subject, finished_on AS day FROM trainings
  WHERE staff_no IS NOT NULL AND kind = 'it_all'
  UNION ALL
  SELECT 'm15_cio' AS duty, staff_no AS subject, held_on AS day FROM assessments
  WHERE staff_no IS NOT NULL AND kind = 'cio'
  UNION ALL
  SELECT 'm27_visits' AS duty, pupil_no AS subject, visited_on AS day FROM home_visits
  WHERE pupil_no IS NOT NULL AND whole_area
  UNION ALL
  SELECT 'm32_secretary_training' AS duty, staff_no AS subject, finished_on AS day FROM trainings
  WHERE staff_no IS NOT NULL AND kind = 'party'
  UNION ALL
  SELECT 'm34_report' AS duty, staff_no AS subject, held_on AS day FROM assessments
  WHERE staff_no IS NOT NULL AND kind = 'secretary_report'),
c AS (
  SELECT w.duty, w.number, e.subject, count(*) AS n
  FROM windows w JOIN e ON e.duty = w.duty AND e.day >= w.counts_from AND e.day < w.due_on
    AND e.day <= w.judged_on
  GROUP BY ALL),
o AS (
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND role = 'head'
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 180 DAY <= w.due_on
  WHERE w.duty = 'm5_shadow_person' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND full_time_teacher
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 90 DAY <= w.due_on
  WHERE w.duty = 'm10_health_check' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND full_time_teacher
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 90 DAY <= w.due_on
  WHERE w.duty = 'm10_home_visit' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND full_time_teacher
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 90 DAY <= w.due_on
  WHERE w.duty = 'm10_birthday' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND full_time_teacher
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 90 DAY <= w.due_on
  WHERE w.duty = 'm10_training' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND full_time_teacher
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 90 DAY <= w.due_on
  WHERE w.duty = 'm10_festival' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND full_time_teacher
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 90 DAY <= w.due_on
  WHERE w.duty = 'm10_fitness' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND role = 'researcher'
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.bureau
  WHERE w.duty = 'm35_researcher_school' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND role = 'head'
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 180 DAY <= w.due_on
  WHERE w.duty = 's4_head_rank' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND role = 'head'
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 90 DAY <= w.due_on
  WHERE w.duty = 'm15_it_head' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND role = 'researcher'
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.bureau
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 180 DAY <= w.due_on
  WHERE w.duty = 'm15_it_researcher' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND full_time_teacher
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 90 DAY <= w.due_on
  WHERE w.duty = 'm15_it_all' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND role = 'cio'
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 180 DAY <= w.due_on
  WHERE w.duty = 'm15_cio' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.pupil_no AS subject, min(x.org) AS org
  FROM windows w JOIN enrolments x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to)
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT pupil_no, org, min(valid_from) AS came FROM enrolments GROUP BY ALL) a
    ON a.pupil_no = x.pupil_no AND a.org = x.org AND a.came + INTERVAL 180 DAY <= w.due_on
  WHERE w.duty = 'm27_visits' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND role = 'secretary'
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 180 DAY <= w.due_on
  WHERE w.duty = 'm32_secretary_training' GROUP BY ALL
  UNION ALL
  SELECT w.duty, w.number, w.key, w.needed, x.staff_no AS subject, min(x.org) AS org
  FROM windows w JOIN posts x ON x.valid_from <= w.reference_on
    AND (x.valid_to IS NULL OR w.reference_on < x.valid_to) AND role = 'secretary'
  JOIN places g ON g.kind = 'day' AND g.point_on = w.reference_on AND g.org = x.org AND g.pilot_schools
  JOIN (SELECT staff_no, org, min(valid_from) AS came FROM posts GROUP BY ALL) a
    ON a.staff_no = x.staff_no AND a.org = x.org AND a.came + INTERVAL 180 DAY <= w.due_on
  WHERE w.duty = 'm34_report' GROUP BY ALL)
SELECT o.duty, o.key, o.org, count(*) AS owed, count_if(coalesce(c.n, 0) >= o.needed) AS done
FROM o LEFT JOIN c ON c.duty = o.duty AND c.number = o.number AND c.subject = o.subject
GROUP BY ALL;
