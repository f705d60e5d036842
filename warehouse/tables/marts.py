"""Wide views, for questions. Each states its grain, the zone of its day and its definitions."""

from warehouse.tables import changes, citations, daily, expected, mart_examples
from warehouse.tables.table import View, amount, day, flag, instant, integer, number, price, text

MARKET_VALUE = View(
    "mart.market_value",
    grain="one company and day on which its primary line has a close, in the calendar of that line's exchange",
    sql_file="market_value.sql",
    reads=(
        "core.adjusted_daily_quotes", "core.securities", "core.shares_outstanding", "core.corporate_actions",
        "core.fx_daily",
    ),
    columns=(
        text("company_id", "The company", references="core.companies"),
        day("trade_date", "Trading day of the primary line's exchange"),
        text("security_id", "The primary line", references="core.securities"),
        text("exchange", "Its exchange, ISO 10383"),
        price("close_price", "Last price as traded", unit="currency"),
        text("currency", "Currency of close_price and market_value, ISO 4217"),
        text("price_basis", "What the source gave: as_traded, or split_adjusted, which is undone here"),
        flag("is_disputed", "Sources differ about the close"),
        instant("closed_at", "Close of the session"),
        price("close_price_hkd", "The close in Hong Kong dollars", optional=True, unit="HKD"),
        price("close_price_usd", "The close in US dollars", optional=True, unit="USD"),
        price("close_price_cny", "The close in renminbi", optional=True, unit="CNY"),
        day("rate_date", "Oldest of the rates used: of the same day, or the last before it within five", optional=True),
        integer("rate_age_days", "Days from rate_date to trade_date", optional=True, unit="days"),
        integer("shares_per_unit", "Ordinary shares in one traded unit: an ADS is not a share", unit="shares"),
        integer(
            "share_count", "Shares in issue, restated for splits since the count", optional=True, unit="shares"
        ),
        day(
            "shares_as_of_date",
            "Day of that count, the newest that was public at the close; for a sum, of its oldest part",
            optional=True,
        ),
        instant(
            "shares_available_at",
            "When that count was public, for a sum all of it: after closed_at where none was public by then",
            optional=True,
        ),
        text("shares_basis", "all: one count of every class; or the classes that were summed", optional=True),
        number("market_value", "close_price / shares_per_unit * share_count", optional=True, unit="currency"),
        number("market_value_hkd", "Market value in Hong Kong dollars", optional=True, unit="HKD"),
        number("market_value_usd", "Market value in US dollars", optional=True, unit="USD"),
        number("market_value_cny", "Market value in renminbi", optional=True, unit="CNY"),
    ),
    note="Every share in issue counts, whichever class is listed.",
    examples=mart_examples.MARKET_VALUE,
)  # fmt: skip

_YEARS = (
    "How the twelve months came about: last four quarters, last fiscal year, that year rolled on by the months since, "
    "or twelve months as stated"
)

COMPANY_DAILY = View(
    "mart.company_daily",
    grain="one company and day on which its primary line has a close, in the calendar of that line's exchange",
    sql_file="company_daily.sql",
    reads=(
        "mart.market_value", "mart.valuation", "mart.news_volume", "core.daily_quotes", "core.adjusted_daily_quotes",
        "core.total_return_quotes", "core.securities", "core.index_members", "core.companies", "core.products",
        "core.relations", "core.accounts", "core.follower_daily", "core.articles", "core.article_companies",
    ),
    columns=(
        *MARKET_VALUE.columns,
        number(
            "change_since_last_close_of_year_before_pct",
            "Change since the last close of the year before, split-adjusted; empty without a close after 19 December",
            optional=True,
            unit="%",
        ),
        number(
            "change_since_first_open_of_year_pct",
            "Change since the first open of the year, split-adjusted; empty without an open before 13 January",
            optional=True,
            unit="%",
        ),
        number(
            "total_return_since_last_close_of_year_before_pct",
            "The same with dividends put back into the line on their ex-dates; empty where one is in doubt",
            optional=True,
            unit="%",
        ),
        number(
            "index_change_since_last_close_of_year_before_pct",
            "The same of the Hang Seng Tech index on that day; empty on a day without its close",
            optional=True,
            unit="%",
        ),
        number(
            "change_against_index_pct_points",
            "The change since the last close of the year before, less that of the index",
            optional=True,
            unit="percentage points",
        ),
        integer(
            "rank_in_index",
            "Place of its line among the members of the Hang Seng Tech index on that day that have a price, "
            "by the change since the last close of the year before; 1 has risen most",
            optional=True,
        ),
        integer("members_priced", "Members that could be ranked", optional=True, unit="members"),
        integer("members_total", "Members of the index on that day", optional=True, unit="members"),
        number("pe", "As in mart.valuation", optional=True, unit="times"),
        number("ps", "As in mart.valuation", optional=True, unit="times"),
        amount("profit_amount", "As in mart.valuation", optional=True, unit="profit_currency"),
        text("profit_currency", "Currency of profit_amount", optional=True),
        text("profit_basis", _YEARS, optional=True),
        day("profit_period_end_date", "Last day of these twelve months; at most 500 days ago", optional=True),
        integer(
            "follower_count",
            "Followers of the company, its executives, products and brands (not subscribers nor members): the last "
            "reading of each account as shown, at most 48 hours old when the day ends in Hong Kong",
            optional=True,
            unit="people",
        ),
        integer("follower_account_count", "Accounts in that sum", optional=True, unit="accounts"),
        integer(
            "article_count",
            "Articles of that day of Hong Kong about the company, its people or its products, an undated one on the "
            "day of its first sight; empty on a day without any article at all",
            optional=True,
            unit="articles",
        ),
        integer("article_count_itself", "Of these, articles that name the company", optional=True, unit="articles"),
        integer("article_count_person", "Of these, articles that name its people", optional=True, unit="articles"),
        integer("article_count_product", "Of these, articles that name its products", optional=True, unit="articles"),
        integer("story_count", "Stories that the articles of the day tell", optional=True, unit="stories"),
    ),
    note="Weekend articles are on no trading day: count them in `core.article_companies`.",
    examples=mart_examples.COMPANY_DAILY,
)  # fmt: skip

_COMPARED = (
    (number, "change_since_last_close_of_year_before_pct", "change since the last close of the year before", "%"),
    (number, "market_value_usd", "market value in US dollars", "USD"),
    (number, "pe", "market value over the profit that was known", "times"),
    (integer, "follower_count", "followers", "people"),
    (integer, "article_count", "articles of the day", "articles"),
)

RIVAL_DAILY = View(
    "mart.rival_daily",
    grain="one company, day and rival that has a close on that day or at most five days before",
    sql_file="rival_daily.sql",
    reads=("mart.company_daily", "core.relations"),
    columns=(
        text("company_id", "The company", references="core.companies"),
        day("trade_date", "Trading day of the company's primary line"),
        text(
            "rival_id", "A rival by `competes_with`, whichever of the two it was said of", references="core.companies"
        ),
        day("rival_trade_date", "Trading day of the rival's figures, in its own exchange's calendar"),
        *(
            make(f"{who}_{name}", f"{whose}: {what}", optional=True, unit=unit)
            for make, name, what, unit in _COMPARED
            for who, whose in (("company", "The company"), ("rival", "The rival"))
        ),
    ),
    note="Definitions are those of `mart.company_daily`.",
    examples=mart_examples.RIVAL_DAILY,
)

QUARTERLY_RESULTS = View(
    "mart.quarterly_results",
    grain="one company, calendar quarter, currency and accounting basis",
    sql_file="quarterly_results.sql",
    reads=("core.financial_facts", "core.fx_daily"),
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("calendar_quarter", "Calendar quarter in which most of the fiscal one lies, as 2024Q3"),
        text("currency", "Currency of the amounts, ISO 4217; convenience translations are left out"),
        text("accounting_basis", "us_gaap, ifrs, hkfrs or prc_gaap"),
        day("period_end_date", "Last day of the fiscal quarter"),
        integer("fiscal_year", "Fiscal year of the company"),
        integer("fiscal_quarter", "Fiscal quarter, 1 to 4"),
        amount("revenue", "Revenue", optional=True, unit="currency"),
        amount("gross_profit", "Gross profit", optional=True, unit="currency"),
        amount("operating_profit", "Operating profit", optional=True, unit="currency"),
        amount("net_profit", "Profit of the quarter, minorities included", optional=True, unit="currency"),
        amount("net_profit_attributable", "Profit attributable to owners", optional=True, unit="currency"),
        amount("adjusted_net_profit", "Net profit as the company adjusts it", optional=True, unit="currency"),
        amount("research_and_development", "Expense on research and development", optional=True, unit="currency"),
        number("gross_margin_pct", "Gross profit over revenue", optional=True, unit="%"),
        number("operating_margin_pct", "Operating profit over revenue", optional=True, unit="%"),
        number("net_margin_pct", "Net profit over revenue", optional=True, unit="%"),
        number("adjusted_net_margin_pct", "Adjusted net profit over revenue", optional=True, unit="%"),
        number("revenue_yoy_pct", "Change of revenue since the same quarter a year before", optional=True, unit="%"),
        number("revenue_qoq_pct", "Change of revenue since the quarter before", optional=True, unit="%"),
        number("net_profit_yoy_pct", "The same of net profit; empty after a loss", optional=True, unit="%"),
        number("net_profit_qoq_pct", "Of net profit; empty after a loss", optional=True, unit="%"),
        number("adjusted_net_profit_yoy_pct", "Of adjusted profit since the year before", optional=True, unit="%"),
        amount("revenue_trailing", "Revenue of this quarter and the three before it", optional=True, unit="currency"),
        amount("net_profit_trailing", "Net profit of these four quarters", optional=True, unit="currency"),
        amount("net_profit_attributable_trailing", "Owners' profit of these four", optional=True, unit="currency"),
        amount("adjusted_net_profit_trailing", "Adjusted net profit of these four", optional=True, unit="currency"),
        number("revenue_usd", "Revenue at the rate of the last day of the quarter", optional=True, unit="USD"),
        number("net_profit_usd", "Net profit at that rate", optional=True, unit="USD"),
        number("adjusted_net_profit_usd", "Adjusted net profit at that rate", optional=True, unit="USD"),
        flag("is_derived", "A figure was computed, such as the fourth quarter as the year less nine months"),
        flag("is_disputed", "Sources differ about a figure"),
        instant("available_at", "When the last of the figures was public"),
    ),
    note="Today's best view, restatements taken in. `as_of.financial_facts(t)` answers with what was public at t.",
    examples=mart_examples.QUARTERLY_RESULTS,
)

VALUATION = View(
    "mart.valuation",
    grain="one company and day on which its primary line has a close: the price against what was known of its results",
    sql_file="valuation.sql",
    reads=("mart.market_value", "core.financial_facts_by_source", "core.source_ranks", "core.fx_daily"),
    columns=(
        text("company_id", "The company", references="core.companies"),
        day("trade_date", "Trading day of the primary line's exchange"),
        instant("closed_at", "Close of the session: nothing that was public later is used"),
        price("close_price", "Last price as traded", unit="currency"),
        text("currency", "Currency of close_price and market_value, ISO 4217"),
        number("market_value", "As in mart.market_value", optional=True, unit="currency"),
        number("market_value_hkd", "Market value in Hong Kong dollars", optional=True, unit="HKD"),
        number("market_value_usd", "Market value in US dollars", optional=True, unit="USD"),
        integer("share_count", "Shares in issue", optional=True, unit="shares"),
        day("shares_as_of_date", "Day of that count", optional=True),
        instant("shares_available_at", "When that count was public; there is no multiple before", optional=True),
        instant("results_available_at", "When the newest results that were known then came out", optional=True),
        amount(
            "profit_amount",
            "Profit attributable to owners over twelve months; profit with minorities where nothing else is known",
            optional=True,
            unit="profit_currency",
        ),
        text("profit_currency", "Currency of profit_amount", optional=True),
        text("profit_basis", _YEARS, optional=True),
        day("profit_period_end_date", "Last day of the twelve months; at most 500 days ago", optional=True),
        number("pe", "Market value over profit_amount; empty for a loss", optional=True, unit="times"),
        amount(
            "adjusted_profit_amount", "Net profit as the company adjusts it", optional=True,
            unit="adjusted_profit_currency",
        ),
        text("adjusted_profit_currency", "Currency of adjusted_profit_amount", optional=True),
        text("adjusted_profit_basis", _YEARS, optional=True),
        day("adjusted_profit_period_end_date", "Last day of these twelve months", optional=True),
        number(
            "pe_adjusted", "Market value over adjusted_profit_amount; empty for a loss", optional=True, unit="times"
        ),
        amount("revenue_amount", "Revenue over twelve months", optional=True, unit="revenue_currency"),
        text("revenue_currency", "Currency of revenue_amount", optional=True),
        text("revenue_basis", _YEARS, optional=True),
        day("revenue_period_end_date", "Last day of these twelve months", optional=True),
        number("ps", "Market value over revenue_amount", optional=True, unit="times"),
        number("target_market_value_hkd", "A round value to look at: one trillion", unit="HKD"),
        number("distance_to_target_hkd", "What is missing to it; negative above", optional=True, unit="HKD"),
        number("distance_to_target_pct", "By how much the price would have to rise", optional=True, unit="%"),
    ),
    note="Only filings and releases count here. The twelve months of two companies may end on different days.",
    examples=mart_examples.VALUATION,
)  # fmt: skip

MONTHLY_DELIVERIES = View(
    "mart.monthly_deliveries",
    grain="one company, product (or `all`) and month of vehicles handed to customers",
    sql_file="monthly_deliveries.sql",
    reads=("core.operating_kpis", "core.targets"),
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("product_id", "The product, or `all`"),
        day("month_date", "First day of the month, in the company's own calendar"),
        amount(
            "delivery_count", "Vehicles as stated; for `over 20,000`, the least that the words allow", unit="vehicles"
        ),
        amount("value_low", "Least that the words allow", unit="vehicles"),
        amount("value_high", "Greatest that the words allow", optional=True, unit="vehicles"),
        text("qualifier", "exact, about, over, nearly, at_least"),
        number("change_since_month_before_pct", "Change since the month before", optional=True, unit="%"),
        number("change_since_year_before_pct", "Change since the same month a year before", optional=True, unit="%"),
        amount(
            "year_to_date_count",
            "Vehicles since January as stated, else the sum of the months where all are known",
            optional=True,
            unit="vehicles",
        ),
        amount("cumulative_count", "Vehicles since the first one, as stated", optional=True, unit="vehicles"),
        amount("year_target_count", "Least of the last target of the year", optional=True, unit="vehicles"),
        instant("year_target_available_at", "When that target was public: not after the month's figure", optional=True),
        number("share_of_year_target_pct", "year_to_date_count over the target", optional=True, unit="%"),
        flag("is_disputed", "Sources differ"),
        instant("available_at", "When the document was public"),
        text("source_id", "Source that said so", references="core.sources"),
        text("snapshot_id", "The saved bytes that it was read from", references="raw.snapshots"),
    ),
    note="Deliveries only: sales to dealers and production are other metrics of `core.operating_kpis`.",
    examples=mart_examples.MONTHLY_DELIVERIES,
)

NEWS_VOLUME = View(
    "mart.news_volume",
    grain="one company, person or product of it, and day of Hong Kong on which an article names it",
    sql_file="news_volume.sql",
    reads=("core.articles", "core.article_companies", "core.story_articles"),
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("entity_kind", "company: named itself, by its people or by its products; person; or product"),
        text("entity_id", "Our id of the company, person or product"),
        day("date", "Day of publication in Asia/Hong_Kong; of the first sight where an article gives no time"),
        integer("article_count", "Articles of that day that name it", unit="articles"),
        integer("story_count", "Stories that these articles tell", unit="stories"),
        integer("outlet_count", "Outlets that published them", unit="outlets"),
        integer("main_article_count", "Of the articles, those that are mainly about the company", unit="articles"),
        text("biggest_story_id", "Story that most of these articles tell", references="core.stories"),
    ),
    note="A day without an article has no row.",
    examples=mart_examples.NEWS_VOLUME,
)

_BEFORE = (
    ("day", "the day before"),
    ("week", "a week before, at most eight days"),
    ("month", "a month before, at most three days more"),
    ("year", "a year before, at most fifteen days more"),
)

FOLLOWER_GROWTH = View(
    "mart.follower_growth",
    grain="one account, metric and day of Hong Kong on which it was read, against earlier readings of its own",
    sql_file="follower_growth.sql",
    reads=("core.follower_daily", "core.accounts"),
    columns=(
        text("account_id", "The account", references="core.accounts"),
        text("platform", "Its platform", optional=True),
        text("owner_kind", "company, person or product", optional=True),
        text("owner_id", "Our id of the owner", optional=True),
        text("metric", "Which count: followers, subscribers, members, …", references="core.metrics"),
        day("observed_date", "Day of the reading in Asia/Hong_Kong"),
        integer("value", "The count; for a rounded one, the number as shown", unit="people"),
        integer("value_low", "Least count that the text allows", unit="people"),
        integer("value_high", "Greatest count that the text allows; empty for at_least", optional=True, unit="people"),
        text("qualifier", "exact, rounded or at_least"),
        *(
            column
            for span, what in _BEFORE
            for column in (
                day(f"{span}_before_date", f"Day of the reading compared with: {what}", optional=True),
                integer(f"change_{span}_low", "Least change since then that both allow", optional=True, unit="people"),
                integer(f"change_{span}_high", "Greatest change that both allow", optional=True, unit="people"),
            )
        ),
        instant("observed_at", "When the platform showed it"),
        text("source_id", "Source that said so", references="core.sources"),
        text("snapshot_id", "The saved bytes that it was read from", references="raw.snapshots"),
    ),
    note="Two exact readings give one number twice; rounded ones give the interval in which the change lies.",
    examples=mart_examples.FOLLOWER_GROWTH,
)  # fmt: skip

STORY_SHEET = View(
    "mart.story_sheet",
    grain="one figure of a company's story, its newest: of the market, the results, the operations, targets, followers",
    sql_file="story_sheet.sql",
    reads=(
        "mart.company_daily", "core.financial_facts", "core.operating_kpis", "core.targets", "core.accounts",
        "core.relations", "core.products", "core.follower_daily", "core.metrics", "core.financial_facts_by_source",
        "core.operating_kpis_by_source", "core.claims", "core.claim_checks", "core.segments",
    ),
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("section", "market, results, operations, targets or followers"),
        text("figure", "Code of the figure: a metric, with its segment, product or account, `growth` or `share`"),
        text("title", "What it is, in words"),
        number("value", "The value; for a bound, the least that the words allow", optional=True, unit="unit"),
        number("value_low", "Least that the words allow", optional=True, unit="unit"),
        number("value_high", "Greatest that the words allow", optional=True, unit="unit"),
        text(
            "unit",
            "A currency (ISO 4217), %, shares, vehicles, people, …; of 8: a place among eight that have a close",
            optional=True,
        ),
        text("period_kind", "day, instant, month, quarter, half, nine_months, year, cumulative, …"),
        day("as_of_date", "The day, or the last day of the period"),
        instant("available_at", "When it was public"),
        text("source_id", "Source that said so; empty for what is computed", optional=True, references="core.sources"),
        integer(
            "authority",
            "Whose word it is: 1 a filing, 2 a release of the issuer, 3 an agency, 4 another medium; the least is "
            "preferred; empty for what is computed or read from a platform",
            optional=True,
        ),
        text("evidence", "What to ask `dragongate why` for: a table and the key of a row"),
        number(
            "other_value",
            "What another says, whose word ranks lower: a reading, or an article that the evidence contradicts",
            optional=True,
            unit="unit",
        ),
        text("other_source_id", "The source of that", optional=True, references="core.sources"),
        integer("other_authority", "Whose word that is, as authority", optional=True),
        text("other_evidence", "What to ask `dragongate why` for about it", optional=True),
    ),
    note="`mart_as_of.story_sheet(t)` is the sheet that could be written at t.",
    examples=mart_examples.STORY_SHEET,
)  # fmt: skip

VIEWS: tuple[View, ...] = (
    *daily.VIEWS,
    *expected.VIEWS,
    MARKET_VALUE,
    VALUATION,
    NEWS_VOLUME,
    COMPANY_DAILY,
    RIVAL_DAILY,
    QUARTERLY_RESULTS,
    MONTHLY_DELIVERIES,
    FOLLOWER_GROWTH,
    STORY_SHEET,
    *changes.VIEWS,
    *citations.VIEWS,
)
"""All views, each after those that it reads."""
