"""Views that make a series dense, or restate it, and never store what they compute."""

from warehouse.tables.table import View, day, flag, instant, integer, number, price, rate, text

FX_DAILY = View(
    "core.fx_daily",
    grain="one currency pair and calendar day, from its first rate through the newest day of rates and quotes",
    sql_file="fx_daily.sql",
    reads=("core.fx_rates", "core.daily_quotes", "core.securities", "core.companies"),
    columns=(
        text("base_currency", "Currency of which one unit is priced, ISO 4217"),
        text("quote_currency", "Currency of the price, ISO 4217; the same as the base for convenience in joins"),
        day("date", "Day that the rate is used for, in the calendar of the source (European business days)"),
        rate("rate", "Units of quote_currency for one unit of base_currency"),
        day("rate_date", "Day that the rate is of: this one, or the last before it that has one"),
        integer("age_days", "Days from rate_date to date", unit="days"),
        flag("is_derived", "Crossed or inverted from the source's own rates"),
        flag("is_disputed", "Another source differs by more than the tolerance"),
        text("source_id", "Source of the rate; empty for a currency in itself", optional=True),
        text("snapshot_id", "The saved bytes; empty for a currency in itself", optional=True),
    ),
    note="A gap is filled with the last rate and says how old it is: ask for `age_days <= 5` where that matters.",
)

FOLLOWER_DAILY = View(
    "core.follower_daily",
    grain="one account, metric and day of Hong Kong on which it was read: its last exact reading, else its last",
    sql_file="follower_daily.sql",
    reads=("core.follower_counts", "core.source_ranks"),
    columns=(
        text("account_id", "The account", references="core.accounts"),
        text("metric", "Which count: followers, subscribers, members, …", references="core.metrics"),
        day("observed_date", "Day of the reading in Asia/Hong_Kong"),
        integer("value", "The count; for a rounded one, the number as shown", unit="people"),
        integer("value_low", "Least count that the text allows", unit="people"),
        integer("value_high", "Greatest count that the text allows; empty for at_least", optional=True, unit="people"),
        text("qualifier", "exact, rounded or at_least"),
        text("method", "How it was read: api, page, cookie, manual or vendor"),
        instant("observed_at", "When the platform showed it"),
        number("age_hours", "Age of the reading when the day ended in Hong Kong", unit="h"),
        text("source_id", "Source that said so", references="core.sources"),
        text("snapshot_id", "The saved bytes that it was read from", references="raw.snapshots"),
    ),
    note="A day without a reading has no row: a gap stays a gap and is never filled with the day before. "
    "A rounded reading never takes the place of an exact one of the same day.",
)

ADJUSTED_DAILY_QUOTES = View(
    "core.adjusted_daily_quotes",
    grain="one security and trading day: the price as traded, and restated for every later split that we know of",
    sql_file="adjusted_daily_quotes.sql",
    reads=("core.daily_quotes", "core.corporate_actions"),
    columns=(
        text("security_id", "The line", references="core.securities"),
        day("trade_date", "Trading day of the exchange, in the exchange's own calendar"),
        price("close_price", "Last price as traded; splits that the source took in are taken out", unit="currency"),
        price("adjusted_open_price", "First price in today's units", optional=True, unit="currency"),
        price("adjusted_high_price", "Highest price in today's units", optional=True, unit="currency"),
        price("adjusted_low_price", "Lowest price in today's units", optional=True, unit="currency"),
        price("adjusted_close_price", "Last price in today's units", unit="currency"),
        number("split_factor", "Units today for one unit of that day"),
        text("currency", "Currency of the prices, ISO 4217"),
        text("price_basis", "What the source gave: as_traded, or split_adjusted"),
        flag("is_disputed", "Another source differs by more than the tolerance"),
        instant("available_at", "Close of the session"),
        text("source_id", "Source that said so", references="core.sources"),
        text("snapshot_id", "The saved bytes that the quote was read from", references="raw.snapshots"),
    ),
    note=(
        "Computed anew from quotes and splits each time, so a new split restates the past by itself. "
        "A split_adjusted price without a basis_date counts as adjusted for every split. Dividends are not in it."
    ),
)

TOTAL_RETURN_QUOTES = View(
    "core.total_return_quotes",
    grain="one security and trading day: the close restated for every later split and dividend that we know of",
    sql_file="total_return_quotes.sql",
    reads=(
        "core.adjusted_daily_quotes", "core.corporate_actions", "core.corporate_actions_by_source", "core.fx_daily",
    ),
    columns=(
        text("security_id", "The line", references="core.securities"),
        day("trade_date", "Trading day of the exchange, in the exchange's own calendar"),
        price("close_price", "Last price as traded", unit="currency"),
        price("adjusted_close_price", "Last price restated for splits", unit="currency"),
        price(
            "total_return_close_price",
            "Restated for dividends too, as if each were put back into the line at the close before its ex-date; empty "
            "where a later dividend is doubtful",
            optional=True,
            unit="currency",
        ),
        number(
            "dividend_factor",
            "What is left of the price when all later dividends are taken off: the product of 1 - dividend / close "
            "before the ex-date",
            optional=True,
        ),
        integer(
            "doubtful_dividend_count",
            "Later dividends without an amount or a rate, above 30 % of the price, on which sources differ by more "
            "than 10 %, or that two sources date within five days of each other",
            unit="dividends",
        ),
        text("currency", "Currency of the prices, ISO 4217"),
        instant("available_at", "Close of the session"),
        text("source_id", "Source of the quote", references="core.sources"),
        text("snapshot_id", "The saved bytes that the quote was read from", references="raw.snapshots"),
    ),
    note=(
        "Computed anew each time. Sources get dividends in Hong Kong wrong by a factor at times, so one that is "
        "doubtful leaves a gap and no number: `core.corporate_actions_by_source` shows who said what. Cash in another "
        "currency is converted at the rate of the ex-date, at most five days old."
    ),
)  # fmt: skip

VIEWS = (FX_DAILY, FOLLOWER_DAILY, ADJUSTED_DAILY_QUOTES, TOTAL_RETURN_QUOTES)
