-- Who are the members, how did each do in the year, and of whom is no price known?
SELECT member.name, round(100 * (day.close_price / before.close_price - 1), 1) AS change_pct
FROM core.index_members AS member
LEFT JOIN core.daily_quotes AS day ON day.security_id = member.security_id AND day.trade_date = DATE '2024-12-30'
LEFT JOIN core.daily_quotes AS before ON before.security_id = member.security_id AND before.trade_date = DATE '2023-12-29'
WHERE member.index_id = 'XHKG:HSTECH' AND member.valid_from_date <= DATE '2024-12-30'
    AND (member.valid_to_date IS NULL OR member.valid_to_date > DATE '2024-12-30')
ORDER BY change_pct DESC NULLS LAST, member.name
