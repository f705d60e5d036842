"""The index of the archive: one row per saved record."""

from warehouse.tables.table import Load, Table, instant, integer, text

SNAPSHOTS = Table(
    "raw.snapshots",
    grain="one archived record: a response, or another input kept as a resource",
    columns=(
        text("snapshot_id", "WARC record id; the same in every warehouse built from this archive"),
        text("source_id", "Source that reads it; empty when no source claims its address", optional=True),
        text("url", "Address as it was asked, or the name of a resource"),
        text("method", "HTTP method; RESOURCE for an input that did not come over HTTP"),
        integer("status", "HTTP status"),
        instant("fetched_at", "When the source gave these bytes"),
        instant("first_seen_at", "When this warehouse first had them"),
        text("media_type", "Declared media type"),
        text("sha256", "Hash of the body, in hex"),
        integer("body_length", "Length of the decoded body", unit="bytes"),
        text("archive_file", "File in the home's archive folder"),
        integer("archive_offset", "Where the record starts in that file", unit="bytes"),
        integer("archive_length", "How long the compressed record is", unit="bytes"),
        text(
            "outcome",
            "What its source made of it: ok, unchanged, nothing_there, rate_limited, unavailable, refused, "
            "shape_changed; or unmatched",
        ),
        text("reason", "The reason for an outcome other than ok", optional=True),
    ),
    key=("snapshot_id",),
    load=Load.LEDGER,
)

TABLES = (SNAPSHOTS,)
