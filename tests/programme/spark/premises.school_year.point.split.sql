WITH base AS (
  SELECT
    p.key AS period,
    s.org,
    COALESCE(s.stage, '-') AS stage,
    COUNT(*) AS row_count,
    SUM(s.books) AS a0,
    COUNT(*) AS a1,
    SUM(s.computers) AS a2
  FROM (
    SELECT
      *,
      LEAD(counted_on) OVER (PARTITION BY org, stage ORDER BY counted_on NULLS LAST) AS superseded_on
    FROM premises
  ) AS s
  JOIN periods AS p
    ON p.kind = 'school_year'
    AND s.counted_on <= p.point_on
    AND (
      s.superseded_on IS NULL OR p.point_on < s.superseded_on
    )
  GROUP BY
    1,
    2,
    3
), fixed AS (
  SELECT
    period,
    org,
    stage,
    row_count,
    CAST(a0 * 1000000 AS DECIMAL(38, 0)) AS a0,
    a1,
    CAST(a2 * 1000000 AS DECIMAL(38, 0)) AS a2
  FROM base
), weighed AS (
  SELECT
    f.period,
    f.org,
    w.stage,
    f.row_count,
    f.a0,
    f.a1,
    f.a2,
    w.pupils * (
      CASE w.stage
        WHEN 'junior'
        THEN 110
        WHEN 'primary'
        THEN 100
        WHEN 'senior'
        THEN 132
        ELSE 0
      END
    ) AS weight,
    SUM(
      w.pupils * (
        CASE w.stage
          WHEN 'junior'
          THEN 110
          WHEN 'primary'
          THEN 100
          WHEN 'senior'
          THEN 132
          ELSE 0
        END
      )
    ) OVER (PARTITION BY f.period, f.org) AS whole,
    ROW_NUMBER() OVER (
      PARTITION BY f.period, f.org
      ORDER BY w.pupils * (
        CASE w.stage
          WHEN 'junior'
          THEN 110
          WHEN 'primary'
          THEN 100
          WHEN 'senior'
          THEN 132
          ELSE 0
        END
      ) DESC, w.stage NULLS LAST
    ) AS place
  FROM fixed AS f
  JOIN stage_pupils AS w
    ON w.period_kind = 'school_year' AND w.period = f.period AND w.org = f.org
  WHERE
    f.stage = 'shared'
    AND w.pupils > 0
    AND w.pupils * (
      CASE w.stage
        WHEN 'junior'
        THEN 110
        WHEN 'primary'
        THEN 100
        WHEN 'senior'
        THEN 132
        ELSE 0
      END
    ) > 0
), cut AS (
  SELECT
    period,
    org,
    stage,
    row_count,
    place,
    a0,
    (
      a0 * weight
    ) DIV whole AS a0_part,
    a1,
    a2,
    (
      a2 * weight
    ) DIV whole AS a2_part
  FROM weighed
), shares AS (
  SELECT
    period,
    org,
    stage,
    row_count,
    CASE
      WHEN place = 1
      THEN a0 - (
        SUM(a0_part) OVER (PARTITION BY period, org) - a0_part
      )
      ELSE a0_part
    END AS a0,
    a1,
    CASE
      WHEN place = 1
      THEN a2 - (
        SUM(a2_part) OVER (PARTITION BY period, org) - a2_part
      )
      ELSE a2_part
    END AS a2
  FROM cut
), units AS (
  SELECT
    period,
    org,
    stage,
    SUM(row_count) AS row_count,
    SUM(a0) AS a0,
    SUM(a1) AS a1,
    SUM(a2) AS a2
  FROM (
    SELECT
      period,
      org,
      stage,
      row_count,
      a0,
      a1,
      a2
    FROM fixed
    WHERE
      stage IN ('primary', 'junior')
    UNION ALL
    SELECT
      period,
      org,
      stage,
      row_count,
      a0,
      a1,
      a2
    FROM shares
    WHERE
      stage IN ('primary', 'junior')
  ) AS pieces
  GROUP BY
    period,
    org,
    stage
)
SELECT
  m.period,
  m.ancestor,
  m.grp,
  u.stage,
  COUNT_IF(u.row_count > 0 AND m.level = 'school') AS r0,
  SUM(u.a0) AS a0,
  SUM(u.a1) AS a1,
  SUM(u.a2) AS a2
FROM units AS u
JOIN membership AS m
  ON m.period = u.period AND m.org = u.org
WHERE
  (
    m.period_kind = 'school_year'
    AND m.grp IN ('*', 'compulsory_pilot', 'named_five', 'urban_schools')
  )
  AND (
    m.grp = '*' OR NOT m.alone
  )
GROUP BY
  m.period,
  m.ancestor,
  m.grp,
  u.stage
