"""How often things happened, in numbers that never fall: what a monitor computes rates from."""

from warehouse.tables.table import Load, Table, number, text

COUNTS = Table(
    "ops.counts",
    grain="one number that only grows, with its labels",
    columns=(
        text("metric", "rows, fetches, attempts, runs, run_seconds or run_seconds_up_to"),
        text("labels_json", "Values of its labels in their order, as a JSON list"),
        number("value", "What is shown: what the ledger counts, and what was carried over"),
        number("carried", "Part of it that no longer stands in the ledger, as after a rebuild"),
    ),
    key=("metric", "labels_json"),
    load=Load.LEDGER,
    note="Brought up to date whenever `ops.duckdb` is put out. A ledger that starts anew goes on from what was shown.",
)
