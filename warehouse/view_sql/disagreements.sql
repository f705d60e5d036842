WITH facts AS (
    -- What each source says last: a restatement by the same house is no disagreement.
    SELECT *, coalesce(value_low, value) AS low, coalesce(value_high, value) AS high
    FROM core.financial_facts_by_source
    QUALIFY row_number() OVER (
        PARTITION BY company_id, metric, segment, period_kind, period_start_date, period_end_date, currency,
            accounting_basis, source_id, coalesce(authority, 1), CASE WHEN authority > 2 THEN filing_id END
        ORDER BY is_derived, available_at DESC, filing_id
    ) = 1
),
kpis AS (
    SELECT *, coalesce(value_high, value) AS high
    FROM core.operating_kpis_by_source
    WHERE qualifier IN ('exact', 'over', 'at_least', 'nearly') AND NOT coalesce(is_preliminary, false)
    QUALIFY row_number() OVER (
        PARTITION BY company_id, product_id, metric, period_kind, period_start_date, period_end_date, source_id,
            coalesce(authority, 1), CASE WHEN authority > 2 THEN document_id END
        ORDER BY available_at DESC, document_id
    ) = 1
),
groups AS (
    -- Among equal values the names decide, so that the same warehouse answers the same each time.
    SELECT 'core.daily_quotes_by_source' AS table_name, 'close_price' AS column_name, CAST(0.1 AS DOUBLE) AS tolerance_pct,
        CAST(to_json({'security_id': security_id, 'trade_date': trade_date, 'price_basis': price_basis}) AS VARCHAR) AS row_key,
        min(struct_pack(value := CAST(close_price AS DOUBLE), source_id, snapshot_id)) AS least,
        max(struct_pack(value := CAST(close_price AS DOUBLE), source_id, snapshot_id)) AS greatest,
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
        min(struct_pack(value := CAST(rate AS DOUBLE), source_id, snapshot_id)),
        max(struct_pack(value := CAST(rate AS DOUBLE), source_id, snapshot_id)),
        count(DISTINCT source_id)
    FROM core.fx_rates_by_source
    GROUP BY base_currency, quote_currency, rate_date
    HAVING max(rate) > min(rate)
    UNION ALL
    SELECT 'core.shares_outstanding_by_source', 'share_count', CAST(1 AS DOUBLE),
        CAST(to_json({'company_id': company_id, 'share_class': share_class, 'as_of_date': as_of_date}) AS VARCHAR),
        min(struct_pack(value := CAST(share_count AS DOUBLE), source_id, snapshot_id)),
        max(struct_pack(value := CAST(share_count AS DOUBLE), source_id, snapshot_id)),
        count(DISTINCT source_id)
    FROM core.shares_outstanding_by_source
    GROUP BY company_id, share_class, as_of_date
    HAVING max(share_count) > min(share_count)
    UNION ALL
    SELECT 'core.corporate_actions_by_source', 'amount_per_unit', CAST(1 AS DOUBLE),
        CAST(to_json({'security_id': security_id, 'ex_date': ex_date, 'kind': kind, 'currency': currency, 'is_split_adjusted': is_split_adjusted}) AS VARCHAR),
        min(struct_pack(value := CAST(amount_per_unit AS DOUBLE), source_id, snapshot_id)),
        max(struct_pack(value := CAST(amount_per_unit AS DOUBLE), source_id, snapshot_id)),
        count(DISTINCT source_id)
    FROM core.corporate_actions_by_source WHERE amount_per_unit IS NOT NULL
    GROUP BY security_id, ex_date, kind, currency, is_split_adjusted
    HAVING max(amount_per_unit) > min(amount_per_unit)
    UNION ALL
    -- Figures contradict each other where no number is written so in both ways.
    SELECT 'core.financial_facts_by_source', 'value', CAST(0 AS DOUBLE),
        CAST(to_json({'company_id': company_id, 'metric': metric, 'segment': segment, 'period_kind': period_kind,
            'period_start_date': period_start_date, 'period_end_date': period_end_date, 'currency': currency,
            'accounting_basis': accounting_basis}) AS VARCHAR),
        min(struct_pack(value := CAST(value AS DOUBLE), source_id, snapshot_id)),
        max(struct_pack(value := CAST(value AS DOUBLE), source_id, snapshot_id)),
        count(*)
    FROM facts
    GROUP BY company_id, metric, segment, period_kind, period_start_date, period_end_date, currency, accounting_basis
    HAVING max(low) > min(high)
    UNION ALL
    SELECT 'core.operating_kpis_by_source', 'value', CAST(0 AS DOUBLE),
        CAST(to_json({'company_id': company_id, 'product_id': product_id, 'metric': metric, 'period_kind': period_kind,
            'period_start_date': period_start_date, 'period_end_date': period_end_date}) AS VARCHAR),
        min(struct_pack(value := CAST(coalesce(value, value_low) AS DOUBLE), source_id, snapshot_id)),
        max(struct_pack(value := CAST(coalesce(value, value_low) AS DOUBLE), source_id, snapshot_id)),
        count(*)
    FROM kpis WHERE coalesce(value, value_low) IS NOT NULL
    GROUP BY company_id, product_id, metric, period_kind, period_start_date, period_end_date
    HAVING max(value_low) > min(high)
)
SELECT table_name, row_key, column_name,
    least.value AS least_value, least.source_id AS least_source_id, least.snapshot_id AS least_snapshot_id,
    greatest.value AS greatest_value, greatest.source_id AS greatest_source_id, greatest.snapshot_id AS greatest_snapshot_id,
    CASE WHEN least.value > 0 THEN 100 * (greatest.value / least.value - 1) END AS difference_pct, tolerance_pct, reading_count
FROM groups
WHERE reading_count > 1 AND (tolerance_pct = 0 OR greatest.value > least.value * (1 + tolerance_pct / 100))
