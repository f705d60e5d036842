"""Prices as traded, what changed them, sessions, shares in issue and index members."""

from warehouse.tables.table import (
    Check,
    Freshness,
    Load,
    Table,
    amount,
    day,
    flag,
    instant,
    integer,
    number,
    price,
    provenance,
    text,
)

CHOICE = (
    flag("is_disputed", "Another source differs by more than the tolerance", in_content=True),
    integer("reading_count", "How many sources said something", unit="sources"),
)
"""What a chosen row adds to the reading that it was chosen from."""

DAILY_QUOTES_BY_SOURCE = Table(
    "core.daily_quotes_by_source",
    grain="one security and trading day, as one source gives it on one price basis",
    columns=(
        text("security_id", "The line", references="core.securities"),
        day("trade_date", "Trading day of the exchange, in the exchange's own calendar"),
        text("price_basis", "as_traded, or split_adjusted: restated by the source for every later split"),
        price("open_price", "First price", optional=True, unit="currency"),
        price("high_price", "Highest price", optional=True, unit="currency"),
        price("low_price", "Lowest price", optional=True, unit="currency"),
        price("close_price", "Last price", unit="currency"),
        integer("volume", "Units traded", optional=True, unit="shares or ADSs"),
        amount("turnover_amount", "Value traded", optional=True, unit="currency"),
        text("currency", "Currency of the prices, ISO 4217"),
        day(
            "basis_date", "For split_adjusted: splits up to this day are in the prices", optional=True, in_content=False
        ),
        flag("is_final", "The session was over when this was read"),
        *provenance("Close of the session"),
    ),
    key=("security_id", "trade_date", "price_basis", "source_id"),
    checks=(
        Check("close_is_positive", "close_price > 0"),
        Check("high_is_not_below_low", "high_price IS NULL OR low_price IS NULL OR high_price >= low_price"),
        Check("volume_is_not_negative", "volume IS NULL OR volume >= 0"),
    ),
)

DAILY_QUOTES = Table(
    "core.daily_quotes",
    grain="one security and trading day: the price as traded, from the best source that has it",
    columns=(*DAILY_QUOTES_BY_SOURCE.columns, *CHOICE),
    key=("security_id", "trade_date"),
    load=Load.CHOSEN,
    chosen_from=DAILY_QUOTES_BY_SOURCE.name,
    chosen_by=(
        "(price_basis = 'as_traded') DESC",
        "is_final DESC",
        "source_rank ASC",
        "fetched_at DESC",
        "snapshot_id ASC",
    ),
    disputed_when="greatest_close_price > least_close_price * 1.001",
    disputed_within=("price_basis", "is_final"),
    fresh_within=Freshness("trade_date", hours=36, counts_sessions_of="XHKG"),
    note="Read `price_basis`: a split_adjusted row stands here only where no source has the price as traded.",
)

CORPORATE_ACTIONS_BY_SOURCE = Table(
    "core.corporate_actions_by_source",
    grain="one dividend, split or buyback of a security, as one source gives it",
    columns=(
        text("security_id", "The line", references="core.securities"),
        day("ex_date", "First day without the right; for a buyback the day it was reported"),
        text("kind", "dividend, split or buyback"),
        price("amount_per_unit", "Cash per traded unit, as the source gives it", optional=True, unit="currency"),
        text("currency", "Currency of the amount; empty for a split", optional=True),
        price("ratio_numerator", "Units after, for a split", optional=True),
        price("ratio_denominator", "Units before, for a split", optional=True),
        text("text_as_shown", "The source's own words", optional=True),
        flag("is_split_adjusted", "The amount has been restated for later splits"),
        *provenance("Start of the ex-date, in the exchange's zone, at the latest"),
    ),
    key=("security_id", "ex_date", "kind", "source_id"),
    checks=(Check("a_split_has_a_ratio", "kind <> 'split' OR (ratio_numerator > 0 AND ratio_denominator > 0)"),),
)

CORPORATE_ACTIONS = Table(
    "core.corporate_actions",
    grain="one dividend, split or buyback of a security, from the best source that has it",
    columns=(*CORPORATE_ACTIONS_BY_SOURCE.columns, *CHOICE),
    key=("security_id", "ex_date", "kind"),
    load=Load.CHOSEN,
    chosen_from=CORPORATE_ACTIONS_BY_SOURCE.name,
    disputed_when="greatest_amount_per_unit > least_amount_per_unit * 1.01",
    disputed_within=("is_split_adjusted",),
)

TRADING_SESSIONS = Table(
    "core.trading_sessions",
    grain="one exchange and calendar day, weekends left out",
    columns=(
        text("exchange", "Market identifier code, ISO 10383"),
        day("session_date", "Day in the exchange's zone"),
        flag("is_open", "Whether it trades"),
        instant("opens_at", "Opening of the continuous session", optional=True),
        instant("closes_at", "Close of the continuous session", optional=True),
        flag("is_half_day", "Closes early"),
        text("closed_reason", "Why it does not trade, where known", optional=True),
        text("notice_url", "The notice of a closure that the calendar's rules lack, or a report of it", optional=True),
        *provenance("When the calendar that says so was kept"),
    ),
    key=("exchange", "session_date"),
    checks=(Check("an_open_day_has_hours", "NOT is_open OR opens_at < closes_at"),),
)

SHARES_OUTSTANDING_BY_SOURCE = Table(
    "core.shares_outstanding_by_source",
    grain="shares in issue of one class of a company on one day, as one source gives it",
    columns=(
        text("company_id", "The company", references="core.companies"),
        text("share_class", "Class, or `all` for every class together"),
        day("as_of_date", "Day on which the count held"),
        integer("share_count", "Shares in issue", unit="shares"),
        text("security_id", "The line that the source was asked about", optional=True, references="core.securities"),
        *provenance("When the source published the count"),
    ),
    key=("company_id", "share_class", "as_of_date", "source_id"),
    checks=(Check("count_is_positive", "share_count > 0"),),
)

SHARES_OUTSTANDING = Table(
    "core.shares_outstanding",
    grain="shares in issue of one class of a company on one day, from the best source that has it",
    columns=(*SHARES_OUTSTANDING_BY_SOURCE.columns, *CHOICE),
    key=("company_id", "share_class", "as_of_date"),
    load=Load.CHOSEN,
    chosen_from=SHARES_OUTSTANDING_BY_SOURCE.name,
    disputed_when="greatest_share_count > least_share_count * 1.01",
)

INDEX_MEMBERS = Table(
    "core.index_members",
    grain="one member of an index over one span",
    columns=(
        text("index_id", "The index line", references="core.securities"),
        text("security_id", "The member's line; it need not be followed itself"),
        day("valid_from_date", "First day in the index"),
        day("valid_to_date", "First day out of it again", optional=True),
        text("name", "Member's name as the index publisher writes it"),
        day("announced_date", "When the change was announced", optional=True),
        number("weight_pct", "Weight, where the source gives it", optional=True, unit="%"),
        *provenance("Announcement, or the first day in the index where that is not known"),
    ),
    key=("index_id", "security_id", "valid_from_date"),
    checks=(Check("span_is_not_empty", "valid_to_date IS NULL OR valid_to_date > valid_from_date"),),
)

TABLES = (
    DAILY_QUOTES_BY_SOURCE,
    DAILY_QUOTES,
    CORPORATE_ACTIONS_BY_SOURCE,
    CORPORATE_ACTIONS,
    TRADING_SESSIONS,
    SHARES_OUTSTANDING_BY_SOURCE,
    SHARES_OUTSTANDING,
    INDEX_MEMBERS,
)
