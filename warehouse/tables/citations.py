"""How to cite what a row was read from."""

from warehouse.tables.table import View, example, flag, text

CITATIONS = View(
    "raw.citations",
    grain="one saved answer, in the words in which to cite it",
    sql_file="citations.sql",
    reads=("raw.snapshots", "core.sources"),
    columns=(
        text("snapshot_id", "The saved answer, as every core row names it", references="raw.snapshots"),
        text("citation", "Publisher, what it is, address, when it was read, hash, and place in the archive"),
        flag("may_be_redistributed", "Whether the source lets data be passed on", optional=True),
        text("terms", "The source's terms, in short", optional=True),
    ),
    note="A figure of a mart is computed: cite the rows that `dragongate why` names.",
    examples=(
        example(
            "How is Xiaomi's close of 30 December 2024 to be cited?",
            """
SELECT quote.close_price, quote.currency, source.citation
FROM core.daily_quotes AS quote JOIN raw.citations AS source USING (snapshot_id)
WHERE quote.security_id = 'XHKG:01810' AND quote.trade_date = '2024-12-30'
""",
        ),
    ),
)

VIEWS = (CITATIONS,)
