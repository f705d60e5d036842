WITH groups AS (
    SELECT 'core.daily_quotes_by_source' AS table_name, 'close_price' AS column_name, CAST(0.1 AS DOUBLE) AS tolerance_pct,
        CAST(to_json({'security_id': security_id, 'trade_date': trade_date, 'price_basis': price_basis}) AS VARCHAR) AS row_key,
        min(CAST(close_price AS DOUBLE)) AS least_value, max(CAST(close_price AS DOUBLE)) AS greatest_value,
        arg_min(source_id, close_price) AS least_source_id, arg_max(source_id, close_price) AS greatest_source_id,
        arg_min(snapshot_id, close_price) AS least_snapshot_id, arg_max(snapshot_id, close_price) AS greatest_snapshot_id,
        count(DISTINCT source_id) AS reading_count
    FROM core.daily_quotes_by_source
    -- Most bars have one reading: the chosen row says which have more.
    SEMI JOIN (SELECT security_id, trade_date FROM core.daily_quotes WHERE reading_count > 1) USING (security_id, trade_date)
    WHERE is_final
    GROUP BY security_id, trade_date, price_basis
    HAVING max(close_price) > min(close_price)
    UNION ALL
    SELECT 'core.fx_rates_by_source', 'rate', CAST(0.5 AS DOUBLE),
        CAST(to_json({'base_currency': base_currency, 'quote_currency': quote_currency, 'rate_date': rate_date}) AS VARCHAR),
        min(CAST(rate AS DOUBLE)), max(CAST(rate AS DOUBLE)),
        arg_min(source_id, rate), arg_max(source_id, rate),
        arg_min(snapshot_id, rate), arg_max(snapshot_id, rate), count(DISTINCT source_id)
    FROM core.fx_rates_by_source
    GROUP BY base_currency, quote_currency, rate_date
    HAVING max(rate) > min(rate)
    UNION ALL
    SELECT 'core.shares_outstanding_by_source', 'share_count', CAST(1 AS DOUBLE),
        CAST(to_json({'company_id': company_id, 'share_class': share_class, 'as_of_date': as_of_date}) AS VARCHAR),
        min(CAST(share_count AS DOUBLE)), max(CAST(share_count AS DOUBLE)),
        arg_min(source_id, share_count), arg_max(source_id, share_count),
        arg_min(snapshot_id, share_count), arg_max(snapshot_id, share_count), count(DISTINCT source_id)
    FROM core.shares_outstanding_by_source
    GROUP BY company_id, share_class, as_of_date
    HAVING max(share_count) > min(share_count)
    UNION ALL
    SELECT 'core.corporate_actions_by_source', 'amount_per_unit', CAST(1 AS DOUBLE),
        CAST(to_json({'security_id': security_id, 'ex_date': ex_date, 'kind': kind, 'currency': currency, 'is_split_adjusted': is_split_adjusted}) AS VARCHAR),
        min(CAST(amount_per_unit AS DOUBLE)), max(CAST(amount_per_unit AS DOUBLE)),
        arg_min(source_id, amount_per_unit), arg_max(source_id, amount_per_unit),
        arg_min(snapshot_id, amount_per_unit), arg_max(snapshot_id, amount_per_unit), count(DISTINCT source_id)
    FROM core.corporate_actions_by_source WHERE amount_per_unit IS NOT NULL
    GROUP BY security_id, ex_date, kind, currency, is_split_adjusted
    HAVING max(amount_per_unit) > min(amount_per_unit)
)
SELECT table_name, row_key, column_name, least_value, least_source_id, least_snapshot_id,
    greatest_value, greatest_source_id, greatest_snapshot_id,
    100 * (greatest_value / least_value - 1) AS difference_pct, tolerance_pct, reading_count
FROM groups
WHERE reading_count > 1 AND greatest_value > least_value * (1 + tolerance_pct / 100)
