WITH days AS (SELECT * FROM core.follower_daily),
-- What a reading is compared with: the last one at least this long before, and at most so many days longer.
spans AS (
    SELECT * FROM (
        VALUES ('day', INTERVAL 1 DAY, 0), ('week', INTERVAL 7 DAY, 1), ('month', INTERVAL 1 MONTH, 3),
            ('year', INTERVAL 1 YEAR, 15)
    ) AS spans (span, span_length, slack_days)
),
wanted AS (
    SELECT days.*, spans.span, spans.slack_days, CAST(days.observed_date - spans.span_length AS DATE) AS wanted_date
    FROM days CROSS JOIN spans
),
compared AS (
    SELECT wanted.account_id, wanted.metric, wanted.observed_date, wanted.span,
        before.observed_date AS before_date,
        wanted.value_low - before.value_high AS change_low,
        wanted.value_high - before.value_low AS change_high
    FROM wanted
    ASOF JOIN days AS before
        ON before.account_id = wanted.account_id AND before.metric = wanted.metric
        AND before.observed_date <= wanted.wanted_date
    WHERE wanted.wanted_date - before.observed_date <= wanted.slack_days
),
changes AS (
    SELECT account_id, metric, observed_date,
        any_value(before_date) FILTER (span = 'day') AS day_before_date,
        any_value(change_low) FILTER (span = 'day') AS change_day_low,
        any_value(change_high) FILTER (span = 'day') AS change_day_high,
        any_value(before_date) FILTER (span = 'week') AS week_before_date,
        any_value(change_low) FILTER (span = 'week') AS change_week_low,
        any_value(change_high) FILTER (span = 'week') AS change_week_high,
        any_value(before_date) FILTER (span = 'month') AS month_before_date,
        any_value(change_low) FILTER (span = 'month') AS change_month_low,
        any_value(change_high) FILTER (span = 'month') AS change_month_high,
        any_value(before_date) FILTER (span = 'year') AS year_before_date,
        any_value(change_low) FILTER (span = 'year') AS change_year_low,
        any_value(change_high) FILTER (span = 'year') AS change_year_high
    FROM compared
    GROUP BY ALL
)
SELECT days.account_id, account.platform, account.owner_kind, account.owner_id, days.metric, days.observed_date,
    days.value, days.value_low, days.value_high, days.qualifier,
    changes.* EXCLUDE (account_id, metric, observed_date),
    days.observed_at, days.source_id, days.snapshot_id
FROM days
LEFT JOIN core.accounts AS account USING (account_id)
LEFT JOIN changes USING (account_id, metric, observed_date)
