WITH base AS (
  SELECT
    p.key AS period,
    s.org,
    '*' AS stage,
    COUNT(*) AS row_count,
    SUM(
      CASE WHEN s.respondents = 'staff' AND s.question = 'identity' THEN s.answered END
    ) AS a0,
    SUM(
      CASE WHEN s.respondents = 'staff' AND s.question = 'identity' THEN s.positive END
    ) AS a1,
    COUNT_IF(s.respondents = 'staff' AND s.question = 'identity') AS a2,
    SUM(
      CASE WHEN s.respondents = 'staff' AND s.question = 'belonging' THEN s.answered END
    ) AS a3,
    SUM(
      CASE WHEN s.respondents = 'staff' AND s.question = 'belonging' THEN s.positive END
    ) AS a4,
    COUNT_IF(s.respondents = 'staff' AND s.question = 'belonging') AS a5,
    SUM(CASE WHEN s.respondents = 'staff' AND s.question = 'honour' THEN s.answered END) AS a6,
    SUM(CASE WHEN s.respondents = 'staff' AND s.question = 'honour' THEN s.positive END) AS a7,
    COUNT_IF(s.respondents = 'staff' AND s.question = 'honour') AS a8,
    SUM(
      CASE WHEN s.respondents = 'pupils' AND s.question = 'identity' THEN s.answered END
    ) AS a9,
    SUM(
      CASE WHEN s.respondents = 'pupils' AND s.question = 'identity' THEN s.positive END
    ) AS a10,
    COUNT_IF(s.respondents = 'pupils' AND s.question = 'identity') AS a11,
    SUM(
      CASE WHEN s.respondents = 'pupils' AND s.question = 'belonging' THEN s.answered END
    ) AS a12,
    SUM(
      CASE WHEN s.respondents = 'pupils' AND s.question = 'belonging' THEN s.positive END
    ) AS a13,
    COUNT_IF(s.respondents = 'pupils' AND s.question = 'belonging') AS a14,
    SUM(CASE WHEN s.respondents = 'pupils' AND s.question = 'honour' THEN s.answered END) AS a15,
    SUM(CASE WHEN s.respondents = 'pupils' AND s.question = 'honour' THEN s.positive END) AS a16,
    COUNT_IF(s.respondents = 'pupils' AND s.question = 'honour') AS a17,
    SUM(
      CASE
        WHEN s.respondents = 'parents' AND s.question = 'satisfaction'
        THEN s.invited
      END
    ) AS a18,
    COUNT_IF(s.respondents = 'parents' AND s.question = 'satisfaction') AS a19,
    SUM(
      CASE
        WHEN s.respondents = 'parents' AND s.question = 'satisfaction'
        THEN s.answered
      END
    ) AS a20,
    SUM(
      CASE
        WHEN s.respondents = 'parents' AND s.question = 'satisfaction'
        THEN s.positive
      END
    ) AS a21,
    SUM(
      CASE
        WHEN s.respondents = 'pupils' AND s.question = 'satisfaction'
        THEN s.invited
      END
    ) AS a22,
    COUNT_IF(s.respondents = 'pupils' AND s.question = 'satisfaction') AS a23,
    SUM(
      CASE
        WHEN s.respondents = 'pupils' AND s.question = 'satisfaction'
        THEN s.answered
      END
    ) AS a24,
    SUM(
      CASE
        WHEN s.respondents = 'pupils' AND s.question = 'satisfaction'
        THEN s.positive
      END
    ) AS a25,
    SUM(CASE WHEN s.question = 'satisfaction' THEN s.answered END) AS a26,
    SUM(CASE WHEN s.question = 'satisfaction' THEN s.positive END) AS a27,
    COUNT_IF(s.question = 'satisfaction') AS a28
  FROM survey_results AS s
  JOIN periods AS p
    ON p.kind = 'school_year'
    AND s.held_on >= p.start_on
    AND s.held_on < p.end_on
    AND s.held_on <= p.point_on
  GROUP BY
    1,
    2,
    3
), units AS (
  SELECT
    *
  FROM base
)
SELECT
  m.period,
  m.ancestor,
  m.grp,
  u.stage,
  COUNT_IF(u.row_count > 0) AS r0,
  COUNT_IF(m.closed AND u.row_count > 0) AS closed,
  SUM(u.a0) AS a0,
  SUM(u.a1) AS a1,
  SUM(u.a2) AS a2,
  SUM(u.a3) AS a3,
  SUM(u.a4) AS a4,
  SUM(u.a5) AS a5,
  SUM(u.a6) AS a6,
  SUM(u.a7) AS a7,
  SUM(u.a8) AS a8,
  SUM(u.a9) AS a9,
  SUM(u.a10) AS a10,
  SUM(u.a11) AS a11,
  SUM(u.a12) AS a12,
  SUM(u.a13) AS a13,
  SUM(u.a14) AS a14,
  SUM(u.a15) AS a15,
  SUM(u.a16) AS a16,
  SUM(u.a17) AS a17,
  SUM(u.a18) AS a18,
  SUM(u.a19) AS a19,
  SUM(u.a20) AS a20,
  SUM(u.a21) AS a21,
  SUM(u.a22) AS a22,
  SUM(u.a23) AS a23,
  SUM(u.a24) AS a24,
  SUM(u.a25) AS a25,
  SUM(u.a26) AS a26,
  SUM(u.a27) AS a27,
  SUM(u.a28) AS a28
FROM units AS u
JOIN event_membership AS m
  ON m.period = u.period AND m.org = u.org
WHERE
  (
    m.period_kind = 'school_year'
    AND m.grp IN ('*', 'compulsory_schools', 'pilot_schools', 'preschool_kindergartens')
  )
  AND (
    m.grp = '*' OR NOT m.alone
  )
GROUP BY
  m.period,
  m.ancestor,
  m.grp,
  u.stage
