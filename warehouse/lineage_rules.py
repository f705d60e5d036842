"""What each view and each derived table is computed from, row by row: what `why` follows."""

from collections.abc import Iterable, Mapping

from warehouse.lineage import Input, Lineage, Wanted
from warehouse.tables.marts import MARKET_VALUE

_LINE = "security_id = $security_id"
_THAT_DAY = f"{_LINE} AND trade_date = $trade_date"
_SPLITS_TO_COME = f"{_LINE} AND kind = 'split' AND ex_date > $trade_date"
_COMPANY_DAY = "company_id = $company_id AND trade_date = $trade_date"
_TERMS = f"{_LINE} AND valid_from_date <= $trade_date AND (valid_to_date IS NULL OR valid_to_date > $trade_date)"
_PRIMARY_CLOSE = Wanted(
    "core.daily_quotes",
    "SELECT security_id, $trade_date AS trade_date FROM core.securities WHERE company_id = $company_id AND is_primary "
    "AND valid_from_date <= CAST($trade_date AS DATE) "
    "AND (valid_to_date IS NULL OR valid_to_date > CAST($trade_date AS DATE))",
)
_FOLLOWED = Wanted("core.companies", "SELECT $company_id AS company_id")


def _money(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.endswith(("_hkd", "_usd", "_cny")))


_SHARES = ("share_count", "shares_as_of_date", "shares_available_at", "shares_basis")
_VALUES = ("market_value", "market_value_hkd", "market_value_usd", "market_value_cny")
_MARKET_VALUE = Lineage(
    key=("company_id", "trade_date"),
    inputs=(
        Input("core.adjusted_daily_quotes", _THAT_DAY, named=dict.fromkeys(_VALUES, "close_price")),
        Input("core.securities", _TERMS, ("company_id", "exchange", "shares_per_unit", *_VALUES)),
        Input(
            "core.shares_outstanding",
            "company_id = $company_id AND as_of_date <= $trade_date AND $shares_basis IS NOT NULL "
            "AND (share_class = 'all') = ($shares_basis = 'all') "
            "QUALIFY row_number() OVER (PARTITION BY share_class "
            "ORDER BY available_at <= $closed_at DESC, as_of_date DESC) = 1",
            (*_SHARES, *_VALUES),
            dict.fromkeys(_VALUES, "share_count"),
        ),
        Input(
            "core.corporate_actions",
            f"{_LINE} AND kind = 'split' AND ex_date > $shares_as_of_date AND ex_date <= $trade_date",
            ("share_count", *_VALUES),
        ),
        Input(
            "core.fx_daily",
            "base_currency = $currency AND quote_currency IN ('HKD', 'USD', 'CNY') AND date = $trade_date "
            "AND age_days <= 5",
            (*_money(one.name for one in MARKET_VALUE.columns), "rate_date", "rate_age_days"),
            dict.fromkeys(_money(one.name for one in MARKET_VALUE.columns), "rate"),
        ),
    ),
    wants=(_FOLLOWED, _PRIMARY_CLOSE),
)  # fmt: skip


def _twelve_months(measure: str, metrics: str, feeds: tuple[str, ...]) -> tuple[Input, ...]:
    """Name the statements that twelve months were made of, by the way that their basis tells."""
    end, basis = f"${measure}_period_end_date", f"${measure}_basis"
    statements = (
        f"company_id = $company_id AND metric IN ({metrics}) AND segment = 'group' "
        f"AND currency = ${measure}_currency AND NOT is_convenience_translation AND available_at <= $closed_at "
        f"AND CASE {basis} WHEN 'twelve months as stated' THEN period_kind = 'trailing' AND period_end_date = {end} "
        f"WHEN 'last fiscal year' THEN period_kind = 'year' AND period_end_date = {end} "
        f"WHEN 'last four quarters' THEN period_kind = 'quarter' AND period_end_date BETWEEN {end} - 300 AND {end} "
        f"ELSE (period_kind = 'year' AND period_end_date BETWEEN {end} - 300 AND {end} - 1) "
        f"OR (period_kind = split_part({basis}, 'rolled on by ', 2) "
        f"AND (period_end_date = {end} OR period_end_date BETWEEN {end} - 373 AND {end} - 358)) END "
        "QUALIFY row_number() OVER (PARTITION BY period_kind, period_end_date ORDER BY metric = 'net_profit', "
        "source_id <> 'manual', coalesce(authority, 1), is_derived, "
        "coalesce(value_high - value_low > abs(value) * 0.001, false), available_at DESC, filing_id) = 1"
    )
    rate = (
        f"base_currency = $currency AND quote_currency = ${measure}_currency AND date = $trade_date AND age_days <= 5"
    )
    own = tuple(f"{measure}_{part}" for part in ("amount", "currency", "basis", "period_end_date"))
    return (
        Input("core.financial_facts_by_source", statements, (*own, *feeds, "results_available_at")),
        Input("core.fx_daily", rate, feeds),
    )


_VALUED = (
    "closed_at", "close_price", "currency", "market_value", "market_value_hkd", "market_value_usd", "share_count",
    "shares_as_of_date", "shares_available_at",
)  # fmt: skip
_VALUATION = Lineage(
    key=("company_id", "trade_date"),
    inputs=(
        Input("mart.market_value", _COMPANY_DAY, ("company_id", "trade_date", *_VALUED)),
        Input("mart.market_value", _COMPANY_DAY, ("pe", "pe_adjusted", "ps"), {
            "pe": "market_value", "pe_adjusted": "market_value", "ps": "market_value"}),
        Input("mart.market_value", _COMPANY_DAY, ("distance_to_target_hkd", "distance_to_target_pct"), {
            "distance_to_target_hkd": "market_value_hkd", "distance_to_target_pct": "market_value_hkd"}),
        *_twelve_months("profit", "'net_profit_attributable', 'net_profit'", ("pe",)),
        *_twelve_months("adjusted_profit", "'adjusted_net_profit'", ("pe_adjusted",)),
        *_twelve_months("revenue", "'revenue'", ("ps",)),
    ),
    wants=(_FOLLOWED, _PRIMARY_CLOSE),
)  # fmt: skip

# What a figure of the sheet is divided by; what it is itself, its evidence names.
_STATED = "company_id = $company_id AND period_kind = $period_kind AND NOT is_convenience_translation"
_STORY_SHEET = Lineage(
    key=("company_id", "figure", "period_kind", "as_of_date"),
    inputs=(
        Input(
            "core.financial_facts",
            f"{_STATED} AND metric || if(segment = 'group', '', ':' || segment) || ':growth' = $figure "
            "AND CAST($as_of_date AS DATE) - period_end_date BETWEEN 358 AND 373",
            ("value",),
        ),
        Input(
            "core.financial_facts",
            f"{_STATED} AND $figure LIKE 'revenue:%:share' AND metric = 'revenue' AND segment = 'group' "
            "AND period_end_date = $as_of_date",
            ("value",),
        ),
    ),
    wants=(_FOLLOWED,),
)

_ARTICLE_DAY = "CAST(timezone('Asia/Hong_Kong', coalesce(published_at, available_at)) AS DATE)"


def _articles_of(day: str) -> str:
    return f"article_id IN (SELECT article_id FROM core.articles WHERE {_ARTICLE_DAY} = {day})"


_NAMED = (
    "company_id = $company_id AND ($entity_kind = 'company' OR (via = $entity_kind AND entity_id = $entity_id)) AND "
    + _articles_of("$date")
)
_NEWS_VOLUME = Lineage(
    key=("company_id", "entity_kind", "entity_id", "date"),
    inputs=(
        Input("core.article_companies", _NAMED),
        Input(
            "core.articles",
            f"article_id IN (SELECT article_id FROM core.article_companies WHERE {_NAMED})",
            ("date", "article_count", "main_article_count", "outlet_count"),
        ),
        Input(
            "core.story_articles",
            f"article_id IN (SELECT article_id FROM core.article_companies WHERE {_NAMED})",
            ("story_count", "biggest_story_id"),
        ),
    ),
    wants=(
        _FOLLOWED,
        Wanted("core.article_companies", "SELECT $company_id AS company_id"),
        Wanted(
            "core.articles",
            f"SELECT article_id FROM core.articles WHERE {_ARTICLE_DAY} = CAST($date AS DATE) LIMIT 3",
        ),
    ),
)

_SINCE_CLOSE = (
    "change_since_last_close_of_year_before_pct", "change_against_index_pct_points", "rank_in_index",
)  # fmt: skip
_SINCE_OPEN = ("change_since_first_open_of_year_pct",)
_OF_INDEX = ("index_change_since_last_close_of_year_before_pct", "change_against_index_pct_points")
_RETURN = ("total_return_since_last_close_of_year_before_pct",)
_IN_INDEX = ("rank_in_index", "members_priced", "members_total")
_NEWS = ("article_count", "article_count_itself", "article_count_person", "article_count_product", "story_count")
_YEAR_BEFORE = (
    "trade_date = (SELECT max(trade_date) FROM core.daily_quotes WHERE {line} "
    "AND year(trade_date) = year(CAST($trade_date AS DATE)) - 1)"
)
_LAST_OF_YEAR = f"{_LINE} AND {_YEAR_BEFORE.format(line=_LINE)}"
_INDEX = "security_id = 'XHKG:HSTECH'"
_OWNED = (
    "SELECT account_id FROM core.accounts WHERE owner_id = $company_id "
    "OR owner_id IN (SELECT product_id FROM core.products WHERE company_id = $company_id) "
    "OR owner_id IN (SELECT subject_id FROM core.relations WHERE object_id = $company_id "
    "AND relation IN ('executive_of', 'product_of') AND valid_from_date <= $trade_date "
    "AND (valid_to_date IS NULL OR valid_to_date > $trade_date))"
)
_MEMBERS = (
    "index_id = 'XHKG:HSTECH' AND valid_from_date <= $trade_date "
    "AND (valid_to_date IS NULL OR valid_to_date > $trade_date)"
)
_COMPANY_DAILY = Lineage(
    key=("company_id", "trade_date"),
    inputs=(
        Input("mart.market_value", _COMPANY_DAY, tuple(one.name for one in MARKET_VALUE.columns)),
        Input(
            "mart.valuation",
            _COMPANY_DAY,
            ("pe", "ps", "profit_amount", "profit_currency", "profit_basis", "profit_period_end_date"),
        ),
        Input("core.adjusted_daily_quotes", _THAT_DAY, (*_SINCE_CLOSE, *_SINCE_OPEN)),
        Input("core.adjusted_daily_quotes", _LAST_OF_YEAR, _SINCE_CLOSE),
        Input(
            "core.adjusted_daily_quotes",
            f"{_LINE} AND trade_date = (SELECT min(trade_date) FROM core.daily_quotes WHERE {_LINE} "
            "AND open_price IS NOT NULL AND year(trade_date) = year(CAST($trade_date AS DATE)))",
            _SINCE_OPEN,
        ),
        Input(
            "core.adjusted_daily_quotes",
            f"{_INDEX} AND (trade_date = $trade_date OR {_YEAR_BEFORE.format(line=_INDEX)})",
            _OF_INDEX,
        ),
        Input("core.total_return_quotes", f"({_THAT_DAY}) OR ({_LAST_OF_YEAR})", _RETURN),
        Input("core.index_members", _MEMBERS, _IN_INDEX),
        Input(
            "core.adjusted_daily_quotes",
            "trade_date = $trade_date AND security_id IN "
            f"(SELECT security_id FROM core.index_members WHERE {_MEMBERS})",
            ("rank_in_index", "members_priced"),
        ),
        Input(
            "core.follower_daily",
            "metric = 'followers' AND observed_date BETWEEN CAST($trade_date AS DATE) - 1 AND $trade_date "
            f"AND account_id IN ({_OWNED}) "
            "QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY observed_at DESC) = 1",
            ("follower_count", "follower_account_count"),
        ),
        Input("core.article_companies", f"company_id = $company_id AND {_articles_of('$trade_date')}", _NEWS),
        Input("core.articles", f"{_ARTICLE_DAY} = $trade_date", _NEWS),
        Input("mart.news_volume", "company_id = $company_id AND entity_kind = 'company' AND date = $trade_date",
              ("story_count",)),
    ),
    wants=(_FOLLOWED, _PRIMARY_CLOSE),
)  # fmt: skip

_COMPARED = (
    "change_since_last_close_of_year_before_pct", "market_value_usd", "pe", "follower_count", "article_count",
)  # fmt: skip


def _side(who: str, where: str) -> Input:
    named = {f"{who}_{name}": name for name in _COMPARED}
    return Input("mart.company_daily", where, (*named, "trade_date" if who == "company" else "rival_trade_date"), named)


_RIVAL_DAILY = Lineage(
    key=("company_id", "trade_date", "rival_id"),
    inputs=(
        _side("company", _COMPANY_DAY),
        _side("rival", "company_id = $rival_id AND trade_date = $rival_trade_date"),
        Input(
            "core.relations",
            "relation = 'competes_with' AND (subject_id, object_id) IN "
            "(($company_id, $rival_id), ($rival_id, $company_id))",
            ("company_id", "rival_id"),
        ),
    ),
    wants=(
        _FOLLOWED,
        _PRIMARY_CLOSE,
        Wanted(
            "core.relations",
            "SELECT subject_id, relation, object_id FROM core.relations WHERE relation = 'competes_with' "
            "AND (subject_id, object_id) IN (($company_id, $rival_id), ($rival_id, $company_id)) UNION ALL "
            "SELECT $company_id, 'competes_with', $rival_id LIMIT 1",
        ),
        Wanted("mart.company_daily", "SELECT $rival_id AS company_id, $trade_date AS trade_date"),
    ),
)

_AMOUNTS = (
    "revenue", "gross_profit", "operating_profit", "net_profit", "net_profit_attributable", "adjusted_net_profit",
    "research_and_development",
)  # fmt: skip
_RATIOS: Mapping[str, tuple[str, ...]] = {
    "gross_margin_pct": ("gross_profit", "revenue"),
    "operating_margin_pct": ("operating_profit", "revenue"),
    "net_margin_pct": ("net_profit", "revenue"),
    "adjusted_net_margin_pct": ("adjusted_net_profit", "revenue"),
    "revenue_usd": ("revenue",),
    "net_profit_usd": ("net_profit",),
    "adjusted_net_profit_usd": ("adjusted_net_profit",),
}
_GROUP_QUARTER = (
    "company_id = $company_id AND currency = $currency AND accounting_basis IN ($accounting_basis, 'adjusted') "
    "AND period_kind = 'quarter' AND segment = 'group' AND NOT is_convenience_translation"
)


def _statement(column: str, metrics: tuple[str, ...], when: str) -> Input:
    names = ", ".join(f"'{one}'" for one in metrics)
    return Input("core.financial_facts", f"{_GROUP_QUARTER} AND metric IN ({names}) AND {when}", (column,))


_THIS = "calendar_quarter = $calendar_quarter"
_END = "CAST($period_end_date AS DATE)"
_WITH_YEAR_BEFORE = f"({_THIS} OR period_end_date BETWEEN {_END} - 373 AND {_END} - 358)"
_WITH_ONE_BEFORE = f"period_end_date BETWEEN {_END} - 100 AND {_END} + 10"
_FOUR = f"period_end_date BETWEEN {_END} - 290 AND {_END} + 10"
_QUARTERLY_RESULTS = Lineage(
    key=("company_id", "calendar_quarter", "currency", "accounting_basis"),
    inputs=(
        Input(
            "core.financial_facts",
            f"{_GROUP_QUARTER} AND {_THIS}",
            (
                "company_id", "calendar_quarter", "currency", "accounting_basis", "period_end_date", "fiscal_year",
                "fiscal_quarter", "is_derived", "is_disputed", "available_at",
            ),
        ),
        *(_statement(name, (name,), _THIS) for name in _AMOUNTS),
        *(_statement(name, metrics, _THIS) for name, metrics in _RATIOS.items()),
        *(
            _statement(f"{name}_yoy_pct", (name,), _WITH_YEAR_BEFORE)
            for name in ("revenue", "net_profit", "adjusted_net_profit")
        ),
        *(_statement(f"{name}_qoq_pct", (name,), _WITH_ONE_BEFORE) for name in ("revenue", "net_profit")),
        *(
            _statement(f"{name}_trailing", (name,), _FOUR)
            for name in ("revenue", "net_profit", "net_profit_attributable", "adjusted_net_profit")
        ),
        Input(
            "core.fx_daily",
            "base_currency = $currency AND quote_currency = 'USD' AND date = $period_end_date AND age_days <= 5",
            ("revenue_usd", "net_profit_usd", "adjusted_net_profit_usd"),
        ),
    ),
    wants=(
        _FOLLOWED,
        Wanted(
            "core.financial_facts",
            "SELECT $company_id AS company_id, 'revenue' AS metric, 'quarter' AS period_kind, "
            "$calendar_quarter AS calendar_quarter",
        ),
    ),
)  # fmt: skip

_MONTH = "company_id = $company_id AND product_id = $product_id AND metric = 'deliveries'"
_OF_MONTHS = f"{_MONTH} AND period_kind = 'month' AND date_trunc('month', period_end_date)"
_MONTHLY_DELIVERIES = Lineage(
    key=("company_id", "product_id", "month_date"),
    inputs=(
        Input("core.operating_kpis", f"{_OF_MONTHS} = $month_date"),
        Input(
            "core.operating_kpis",
            f"{_OF_MONTHS} = CAST($month_date AS DATE) - INTERVAL 1 MONTH",
            ("change_since_month_before_pct",),
        ),
        Input(
            "core.operating_kpis",
            f"{_OF_MONTHS} = CAST($month_date AS DATE) - INTERVAL 1 YEAR",
            ("change_since_year_before_pct",),
        ),
        Input(
            "core.operating_kpis",
            f"{_MONTH} AND (period_kind = 'month' AND year(period_end_date) = year(CAST($month_date AS DATE)) "
            "AND period_start_date <= $month_date OR period_end_date = last_day(CAST($month_date AS DATE)))",
            ("year_to_date_count", "cumulative_count", "share_of_year_target_pct"),
        ),
        Input(
            "core.targets",
            f"{_MONTH} AND period_kind = 'year' AND year(period_end_date) = year(CAST($month_date AS DATE)) "
            "AND available_at = $year_target_available_at",
            ("year_target_count", "year_target_available_at", "share_of_year_target_pct"),
        ),
    ),
    wants=(
        _FOLLOWED,
        Wanted(
            "core.operating_kpis",
            "SELECT $company_id AS company_id, $product_id AS product_id, 'deliveries' AS metric, "
            "'month' AS period_kind, $month_date AS period_start_date",
        ),
    ),
)

_READING = "account_id = $account_id AND metric = $metric"
_FOLLOWER_GROWTH = Lineage(
    key=("account_id", "metric", "observed_date"),
    inputs=(
        Input("core.follower_daily", f"{_READING} AND observed_date = $observed_date"),
        Input("core.accounts", "account_id = $account_id", ("account_id", "platform", "owner_kind", "owner_id")),
        *(
            Input(
                "core.follower_daily",
                f"{_READING} AND observed_date = ${span}_before_date",
                (f"{span}_before_date", f"change_{span}_low", f"change_{span}_high"),
            )
            for span in ("day", "week", "month", "year")
        ),
    ),
    wants=(
        Wanted("core.accounts", "SELECT $account_id AS account_id"),
        Wanted("core.follower_counts", "SELECT $account_id AS account_id, $metric AS metric"),
    ),
)

_PAIR = "base_currency = $base_currency AND quote_currency = $quote_currency"
_OF_ARTICLE = Input("core.articles", "article_id = $article_id")
LINEAGE: Mapping[str, Lineage] = {
    "core.fx_daily": Lineage(
        key=("base_currency", "quote_currency", "date"),
        inputs=(Input("core.fx_rates", f"{_PAIR} AND rate_date = $rate_date"),),
        wants=(Wanted("core.fx_rates", "SELECT $base_currency AS base_currency, $quote_currency AS quote_currency"),),
    ),
    "core.follower_daily": Lineage(
        key=("account_id", "metric", "observed_date"),
        inputs=(
            Input("core.follower_counts", f"{_READING} AND observed_at = $observed_at AND source_id = $source_id"),
        ),
        wants=_FOLLOWER_GROWTH.wants,
    ),
    "core.adjusted_daily_quotes": Lineage(
        key=("security_id", "trade_date"),
        inputs=(
            Input("core.daily_quotes", _THAT_DAY),
            Input(
                "core.corporate_actions",
                _SPLITS_TO_COME,
                (
                    "close_price",
                    "adjusted_open_price",
                    "adjusted_high_price",
                    "adjusted_low_price",
                    "adjusted_close_price",
                    "split_factor",
                ),
            ),
        ),
        wants=(Wanted("core.daily_quotes", "SELECT $security_id AS security_id, $trade_date AS trade_date"),),
    ),
    "core.total_return_quotes": Lineage(
        key=("security_id", "trade_date"),
        inputs=(
            Input("core.adjusted_daily_quotes", _THAT_DAY),
            Input(
                "core.corporate_actions",
                f"{_LINE} AND kind IN ('dividend', 'split') AND ex_date > $trade_date",
                ("total_return_close_price", "dividend_factor", "doubtful_dividend_count"),
            ),
        ),
        wants=(Wanted("core.daily_quotes", "SELECT $security_id AS security_id, $trade_date AS trade_date"),),
    ),
    "core.expected_reports": Lineage(
        key=("company_id", "report", "publisher", "period_end_date"),
        inputs=(
            Input("core.companies", "company_id = $company_id"),
            Input(
                "core.fiscal_periods",
                "company_id = $company_id AND fiscal_year = $fiscal_year AND fiscal_quarter = $fiscal_quarter "
                "AND period_end_date = $period_end_date",
                ("period_kind", "fiscal_year", "fiscal_quarter", "period_start_date", "period_end_date", "due_date"),
            ),
            Input("core.filings", "filing_id = $filing_id", ("filing_id", "happened_at")),
            Input("core.events", "filing_id = $filing_id AND company_id = $company_id", ("filing_id", "happened_at")),
            Input(
                "core.operating_kpis",
                "company_id = $company_id AND $report = 'deliveries' AND metric = 'deliveries' "
                "AND period_end_date = $period_end_date AND available_at = $happened_at",
                ("happened_at",),
            ),
        ),
        wants=(_FOLLOWED,),
    ),
    "mart.market_value": _MARKET_VALUE,
    "mart.valuation": _VALUATION,
    "mart.news_volume": _NEWS_VOLUME,
    "mart.company_daily": _COMPANY_DAILY,
    "mart.rival_daily": _RIVAL_DAILY,
    "mart.quarterly_results": _QUARTERLY_RESULTS,
    "mart.monthly_deliveries": _MONTHLY_DELIVERIES,
    "mart.follower_growth": _FOLLOWER_GROWTH,
    "mart.story_sheet": _STORY_SHEET,
    "raw.citations": Lineage(key=("snapshot_id",), inputs=(Input("raw.snapshots", "snapshot_id = $snapshot_id"),)),
    "core.article_mentions": Lineage(key=(), inputs=(_OF_ARTICLE,)),
    "core.article_companies": Lineage(
        key=(),
        inputs=(Input("core.article_mentions", "article_id = $article_id AND entity_id = $entity_id"), _OF_ARTICLE),
    ),
    "core.stories": Lineage(
        key=(),
        inputs=(
            Input("core.story_articles", "story_id = $story_id"),
            Input("core.articles", "article_id = $original_article_id"),
        ),
    ),
    "core.story_articles": Lineage(key=(), inputs=(_OF_ARTICLE,)),
    "core.claims": Lineage(key=(), inputs=(_OF_ARTICLE,)),
    "core.claim_checks": Lineage(
        key=(),
        inputs=(
            Input(
                "core.claims",
                "article_id = $article_id AND part = $part AND start_offset = $start_offset "
                "AND end_offset = $end_offset",
            ),
        ),
    ),
}
"""What lies beneath views and derived tables, which have a key of their own. The sheet and the verdicts name the rows
that they rest on themselves, in `evidence` and `evidence_rows`."""
