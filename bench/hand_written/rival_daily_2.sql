WITH $rivals_of_xiaomi
SELECT own.trade_date, rival.company_id AS rival_id, rival.trade_date AS rival_trade_date, rival.change - own.change AS ahead_pct_points
FROM (SELECT * FROM changes WHERE company_id = 'xiaomi') AS own
CROSS JOIN (SELECT DISTINCT company_id FROM lines WHERE company_id <> 'xiaomi') AS rivals
ASOF JOIN changes AS rival ON rival.company_id = rivals.company_id AND rival.trade_date <= own.trade_date
WHERE own.trade_date - rival.trade_date <= 5 AND ahead_pct_points > 0
ORDER BY own.trade_date DESC, ahead_pct_points DESC LIMIT 20
