-- What could a reader know in Hong Kong at 18:00 on 18 March 2025: the newest yearly profit, and what the last close cost per year of it?
SELECT fact.company_id, fact.period_end_date, fact.value AS profit, fact.currency, day.trade_date,
    day.market_value * rate.rate / fact.value AS pe
FROM as_of.financial_facts('2025-03-18T18:00:00+08:00') AS fact
JOIN mart.company_daily AS day
    ON day.company_id = fact.company_id AND day.closed_at <= TIMESTAMPTZ '2025-03-18T18:00:00+08:00'
JOIN core.fx_daily AS rate
    ON rate.base_currency = day.currency AND rate.quote_currency = fact.currency AND rate.date = day.trade_date
WHERE fact.metric = 'net_profit_attributable' AND fact.period_kind = 'year' AND fact.segment = 'group'
    AND NOT fact.is_convenience_translation
QUALIFY row_number() OVER (PARTITION BY fact.company_id ORDER BY fact.period_end_date DESC, day.trade_date DESC) = 1
