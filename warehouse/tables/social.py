"""Follower counts, each with its precision. A gap stays a gap."""

from warehouse.tables.table import Check, Freshness, Table, instant, integer, provenance, text

FOLLOWER_COUNTS = Table(
    "core.follower_counts",
    grain="one reading of one count of an account",
    columns=(
        text("account_id", "The account", references="core.accounts"),
        text("metric", "Which count: followers, subscribers, members, …", references="core.metrics"),
        instant("observed_at", "When the platform showed it"),
        integer("value", "The count; for a rounded one, the number as shown", unit="people"),
        integer("value_low", "Least count that the text allows", unit="people"),
        integer("value_high", "Greatest count that the text allows; empty for at_least", optional=True, unit="people"),
        text("qualifier", "exact, rounded or at_least"),
        text("text_as_shown", "The platform's own text where it was one", optional=True),
        text("method", "How it was read: api, page, cookie; manual or vendor for one that was brought in as a file"),
        text("stated_by", "Of one that was brought in: the page, person or service that states it", optional=True),
        text("entered_by", "Of one that was brought in: who wrote it down", optional=True),
        *provenance("When the platform showed it"),
    ),
    key=("account_id", "metric", "observed_at", "source_id"),
    checks=(
        Check(
            "count_is_within_its_bounds",
            "value >= 0 AND value_low <= value AND (value_high IS NULL OR value <= value_high)",
        ),
    ),
    fresh_within=Freshness("observed_at", hours=48),
)

TABLES = (FOLLOWER_COUNTS,)
