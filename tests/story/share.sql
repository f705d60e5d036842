-- By how much has the share risen this year, from its first price and from the last close of the year before?
SELECT day.close_price, opening.trade_date AS first_session, opening.open_price AS first_price,
    day.change_since_first_open_of_year_pct, before.trade_date AS last_session_before, before.close_price AS close_before,
    day.change_since_last_close_of_year_before_pct
FROM mart.company_daily AS day
JOIN core.daily_quotes AS opening ON opening.security_id = day.security_id AND opening.trade_date = (
    SELECT min(session_date) FROM core.trading_sessions
    WHERE exchange = 'XHKG' AND is_open AND year(session_date) = 2024
)
JOIN core.daily_quotes AS before ON before.security_id = day.security_id AND before.trade_date = (
    SELECT max(session_date) FROM core.trading_sessions
    WHERE exchange = 'XHKG' AND is_open AND year(session_date) = 2023
)
WHERE day.company_id = 'xiaomi' AND day.trade_date = DATE '2024-12-30'
