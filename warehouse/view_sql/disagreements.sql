WITH readings AS (
    SELECT 'core.daily_quotes_by_source' AS table_name, 'close_price' AS column_name,
        CAST(0.1 AS DOUBLE) AS tolerance_pct,
        to_json({'security_id': security_id, 'trade_date': trade_date, 'price_basis': price_basis}) AS row_key,
        CAST(close_price AS DOUBLE) AS value, source_id, snapshot_id
    FROM core.daily_quotes_by_source WHERE is_final
    UNION ALL
    SELECT 'core.fx_rates_by_source', 'rate', 0.5,
        to_json({'base_currency': base_currency, 'quote_currency': quote_currency, 'rate_date': rate_date}),
        CAST(rate AS DOUBLE), source_id, snapshot_id
    FROM core.fx_rates_by_source
    UNION ALL
    SELECT 'core.shares_outstanding_by_source', 'share_count', 1,
        to_json({'company_id': company_id, 'share_class': share_class, 'as_of_date': as_of_date}),
        CAST(share_count AS DOUBLE), source_id, snapshot_id
    FROM core.shares_outstanding_by_source
    UNION ALL
    SELECT 'core.corporate_actions_by_source', 'amount_per_unit', 1,
        to_json({'security_id': security_id, 'ex_date': ex_date, 'kind': kind, 'currency': currency,
            'is_split_adjusted': is_split_adjusted}),
        CAST(amount_per_unit AS DOUBLE), source_id, snapshot_id
    FROM core.corporate_actions_by_source WHERE amount_per_unit IS NOT NULL
)
SELECT table_name, CAST(row_key AS VARCHAR) AS row_key, column_name,
    min(value) AS least_value, arg_min(source_id, value) AS least_source_id, arg_min(snapshot_id, value) AS least_snapshot_id,
    max(value) AS greatest_value, arg_max(source_id, value) AS greatest_source_id,
    arg_max(snapshot_id, value) AS greatest_snapshot_id,
    100 * (greatest_value / least_value - 1) AS difference_pct, any_value(tolerance_pct) AS tolerance_pct,
    count(DISTINCT source_id) AS reading_count
FROM readings
GROUP BY table_name, row_key, column_name
HAVING count(DISTINCT source_id) > 1 AND max(value) > min(value) * (1 + any_value(tolerance_pct) / 100)
