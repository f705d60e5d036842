-- How did Xiaomi and its rivals do in the newest quarter that Xiaomi has reported, side by side?
PIVOT (
    UNPIVOT (
        SELECT company_id, revenue_usd / 1e9 AS revenue_billion_usd, revenue_yoy_pct, gross_margin_pct, net_margin_pct
        FROM mart.quarterly_results
        WHERE calendar_quarter = (FROM mart.quarterly_results SELECT max(calendar_quarter) WHERE company_id = 'xiaomi')
    ) ON COLUMNS(* EXCLUDE company_id) INTO NAME figure VALUE value
)
ON company_id USING round(any_value(value), 2) GROUP BY figure ORDER BY figure
