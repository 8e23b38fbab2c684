WITH w AS (
  SELECT
    duty,
    ROW_NUMBER() OVER (ORDER BY duty NULLS LAST, number NULLS LAST) AS number,
    DENSE_RANK() OVER (ORDER BY duty NULLS LAST, part NULLS LAST) AS part,
    key,
    counts_from,
    opens_on,
    due_on,
    late_on,
    reference_on,
    judged_on,
    needed,
    CASE `windows`.`duty` WHEN 'm5_shadow' THEN 0 END AS asked,
    CASE `windows`.`duty` WHEN 'm5_shadow' THEN 'bureau' END AS grp,
    CAST(NULL AS STRING) AS alone
  FROM windows
  WHERE
    `windows`.`duty` IN ('m5_shadow')
), parts AS (
  SELECT
    part,
    asked,
    grp,
    alone,
    MIN(counts_from) AS counts_from,
    MIN(due_on) AS due_on,
    MIN(late_on) AS late_on,
    MIN(reference_on) AS reference_on,
    MIN(judged_on) AS judged_on
  FROM w
  GROUP BY
    part,
    asked,
    grp,
    alone
), owing AS (
  SELECT
    p.part,
    COALESCE(p.alone, g.org) AS org,
    COALESCE(p.alone, g.org) AS subject
  FROM parts AS p
  LEFT JOIN group_days AS g
    ON g.grp = p.grp AND g.day = p.reference_on
  WHERE
    NOT p.alone IS NULL OR NOT g.org IS NULL
), seen AS (
  SELECT
    0 AS asked,
    `e`.`org` AS subject,
    CAST(DATE_ADD(`e`.`ends_on`, -1) AS DATE) AS day,
    CAST(`e`.`batch_no` AS STRING) AS value
  FROM `training_sessions` AS e
  WHERE
    NOT CAST(DATE_ADD(`e`.`ends_on`, -1) AS DATE) IS NULL
    AND NOT `e`.`org` IS NULL
    AND `e`.`kind` = 'shadow'
), days AS (
  SELECT
    d.asked,
    d.day,
    p.part
  FROM (
    SELECT DISTINCT
      asked,
      day
    FROM seen
  ) AS d
  JOIN parts AS p
    ON p.asked = d.asked
    AND d.day >= p.counts_from
    AND d.day < p.due_on
    AND d.day <= p.judged_on
), placed AS (
  SELECT
    `e`.`subject`,
    `e`.`day`,
    `e`.`value`,
    `d`.`part`
  FROM `seen` AS e
  JOIN `days` AS d
    ON d.asked = e.asked AND d.day = e.day
), placed_once AS (
  SELECT
    subject,
    part,
    value,
    MIN(day) AS day
  FROM placed
  WHERE
    NOT value IS NULL
  GROUP BY
    subject,
    part,
    value
), counted AS (
  SELECT
    part,
    subject,
    MIN(org) AS org,
    COUNT(day) AS got
  FROM (
    SELECT
      part,
      subject,
      org,
      CAST(NULL AS DATE) AS day
    FROM owing
    UNION ALL
    SELECT
      part,
      subject,
      CAST(NULL AS STRING) AS org,
      day
    FROM placed_once
  ) AS u
  GROUP BY
    part,
    subject
  HAVING
    NOT MIN(org) IS NULL
), ranked AS (
  SELECT
    s.subject,
    s.part,
    s.day,
    ROW_NUMBER() OVER (PARTITION BY s.subject, s.part ORDER BY s.day NULLS LAST) AS nth
  FROM placed_once AS s
), standing AS (
  SELECT
    w.number,
    c.org,
    c.subject,
    c.got,
    CASE WHEN c.got >= w.needed THEN 1 ELSE 0 END AS done,
    r.day AS done_on
  FROM counted AS c
  JOIN w
    ON w.part = c.part
  LEFT JOIN ranked AS r
    ON r.subject = c.subject AND r.part = c.part AND r.nth = w.needed
), short AS (
  SELECT DISTINCT
    w.asked,
    s.subject,
    w.part
  FROM standing AS s
  JOIN w
    ON w.number = s.number AND w.due_on <= w.judged_on
  WHERE
    s.done = 0
), debtors AS (
  SELECT DISTINCT
    asked,
    subject
  FROM short
), theirs AS (
  SELECT
    `e`.`subject`,
    `e`.`day`,
    `e`.`value`,
    `e`.`asked`,
    `d`.`part`
  FROM `seen` AS e
  JOIN `debtors` AS b
    ON b.asked = e.asked AND b.subject = e.subject
  LEFT JOIN `days` AS d
    ON d.asked = e.asked AND d.day = e.day
), theirs_placed AS (
  SELECT
    `e`.`subject`,
    `e`.`day`,
    `e`.`value`,
    `e`.`part`
  FROM `theirs` AS e
  WHERE
    NOT `e`.`part` IS NULL
), theirs_placed_once AS (
  SELECT
    subject,
    part,
    value,
    MIN(day) AS day
  FROM theirs_placed
  WHERE
    NOT value IS NULL
  GROUP BY
    subject,
    part,
    value
), theirs_reached_ranked AS (
  SELECT
    s.subject,
    s.part,
    s.day,
    ROW_NUMBER() OVER (PARTITION BY s.subject, s.part ORDER BY s.day NULLS LAST) AS nth
  FROM theirs_placed_once AS s
), theirs_reached AS (
  SELECT
    r.subject,
    w.number,
    MAX(r.nth) AS got,
    MIN(CASE WHEN r.nth = w.needed THEN r.day END) AS done_on
  FROM theirs_reached_ranked AS r
  JOIN w
    ON w.part = r.part
  GROUP BY
    r.subject,
    w.number
), filled AS (
  SELECT
    t.subject,
    w.part,
    MAX(t.done_on) AS done_on
  FROM theirs_reached AS t
  JOIN w
    ON w.number = t.number
  GROUP BY
    t.subject,
    w.part
  HAVING
    COUNT(t.done_on) = COUNT(*)
), late AS (
  SELECT
    `e`.`subject`,
    `e`.`day`,
    `e`.`value`,
    `s`.`part`
  FROM `short` AS s
  JOIN `parts` AS p
    ON p.part = s.part
  JOIN `theirs` AS e
    ON e.asked = s.asked AND e.subject = s.subject
  LEFT JOIN `filled` AS f
    ON f.subject = e.subject AND f.part = e.part
  WHERE
    e.part = s.part
    OR (
      e.day >= p.due_on
      AND e.day < p.late_on
      AND e.day <= p.judged_on
      AND (
        e.part IS NULL OR e.day > f.done_on
      )
    )
), late_once AS (
  SELECT
    subject,
    part,
    value,
    MIN(day) AS day
  FROM late
  WHERE
    NOT value IS NULL
  GROUP BY
    subject,
    part,
    value
), made_good_ranked AS (
  SELECT
    s.subject,
    s.part,
    s.day,
    ROW_NUMBER() OVER (PARTITION BY s.subject, s.part ORDER BY s.day NULLS LAST) AS nth
  FROM late_once AS s
), made_good AS (
  SELECT
    r.subject,
    w.number,
    MAX(r.nth) AS got,
    MIN(CASE WHEN r.nth = w.needed THEN r.day END) AS done_on
  FROM made_good_ranked AS r
  JOIN w
    ON w.part = r.part
  GROUP BY
    r.subject,
    w.number
), granted AS (
  SELECT
    duty,
    subject,
    kind,
    valid_from,
    valid_to,
    MAX(valid_to) OVER (
      PARTITION BY duty, subject, kind
      ORDER BY valid_from NULLS LAST, valid_to NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS counted_to
  FROM (
    SELECT
      duty,
      subject,
      kind,
      valid_from,
      COALESCE(valid_to, CAST('9999-12-31' AS DATE)) AS valid_to
    FROM waivers
    WHERE
      duty IN (
        SELECT
          duty
        FROM w
      )
  ) AS v
), relief AS (
  SELECT
    g.subject,
    w.number,
    MAX(CASE WHEN g.kind = 'waiver' AND g.valid_to >= w.due_on THEN 1 ELSE 0 END) AS waived,
    CAST(SUM(
      CASE
        WHEN g.kind = 'suspension'
        THEN GREATEST(
          0,
          DATEDIFF(
            DAY,
            GREATEST(g.valid_from, w.opens_on, COALESCE(g.counted_to, w.opens_on)),
            LEAST(g.valid_to, w.due_on)
          )
        )
        ELSE 0
      END
    ) AS INT) AS days
  FROM granted AS g
  JOIN w
    ON w.duty = g.duty AND g.valid_from < w.due_on AND g.valid_to > w.opens_on
  GROUP BY
    g.subject,
    w.number
), subjects AS (
  SELECT
    s.org,
    s.number,
    s.subject,
    w.due_on,
    w.late_on,
    LEAST(s.got, w.needed) AS amount,
    s.done,
    s.done_on,
    m.done_on AS made_good_on,
    GREATEST(COALESCE(a.waived, 0), COALESCE(b.waived, 0)) AS waived,
    GREATEST(COALESCE(a.days, 0), COALESCE(b.days, 0)) AS days
  FROM standing AS s
  JOIN w
    ON w.number = s.number
  LEFT JOIN made_good AS m
    ON m.subject = s.subject AND m.number = s.number
  LEFT JOIN relief AS a
    ON a.subject = s.subject AND a.number = s.number
  LEFT JOIN relief AS b
    ON b.subject = s.org AND b.number = s.number
), judged AS (
  SELECT
    org,
    number,
    due_on,
    waived,
    subject,
    amount,
    COALESCE(done_on, made_good_on) AS done_on,
    CASE
      WHEN done = 1 OR made_good_on < due_on
      THEN 'in_time'
      WHEN made_good_on IS NULL
      THEN 'none'
      ELSE 'late'
    END AS fulfilment
  FROM (
    SELECT
      org,
      number,
      subject,
      amount,
      done,
      done_on,
      made_good_on,
      waived,
      CASE
        WHEN days = 0
        THEN due_on
        ELSE LEAST(CAST(DATE_ADD(due_on, days) AS DATE), late_on)
      END AS due_on
    FROM subjects
  ) AS s
)
SELECT
  j.org,
  w.key,
  j.due_on,
  j.waived = 1 AS waived,
  j.fulfilment,
  j.n,
  j.amount,
  j.first_on,
  j.last_on
FROM (
  SELECT
    org,
    number,
    due_on,
    waived,
    fulfilment,
    COUNT(*) AS n,
    SUM(amount) AS amount,
    MIN(done_on) AS first_on,
    MAX(done_on) AS last_on
  FROM judged
  GROUP BY
    org,
    number,
    due_on,
    waived,
    fulfilment
) AS j
JOIN w
  ON w.number = j.number
