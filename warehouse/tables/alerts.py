"""What was wrong, from when to when, and who was told of it."""

from warehouse.tables.table import Load, Table, day, instant, integer, text, texts

ALERTS = Table(
    "ops.alerts",
    grain="one thing that was wrong, from when it was noticed to when it was over",
    columns=(
        text("alert_name", "Kind of trouble, named as in the Prometheus rules and the run book"),
        text("subject", "Source, table, flow, deadline or part of the machine"),
        instant("opened_at", "When it was noticed"),
        text("severity", "page: somebody now; ticket: somebody in working hours"),
        text("told_under", "Source or table under which it is told; dragongate where it is about none"),
        text("whose", "ours or theirs"),
        text("sentence", "What is wrong, as it was found last"),
        text("mend", "What to do"),
        text("next_try", "When it may mend itself"),
        text("why_command", "The command that tells more"),
        texts(
            "exchanges", "Exchanges whose data it is about; while all of them are closed nobody is told", optional=True
        ),
        instant("recovered_at", "When it was over; empty while it lasts", optional=True),
        instant("reopened_at", "When it came back last, soon after it had been over", optional=True),
        integer("reopened_count", "How often it came back like that", unit="times"),
        instant("told_at", "When its beginning was told last", optional=True),
        texts("told_to", "Whom: form and host of each address, never more of it", optional=True),
        instant("recovery_told_at", "When its end was told", optional=True),
        texts("recovery_told_to", "Whom", optional=True),
        text("not_told", "Which address could not be reached last, and why; it is tried again", optional=True),
        instant("not_told_at", "When that was", optional=True),
        instant("digested_at", "When the daily digest listed it last", optional=True),
        instant("acknowledged_at", "When somebody took it on", optional=True),
        text("acknowledged_by", "Who", optional=True),
        day("acknowledged_until", "Until when nobody is told of it again, that day included", optional=True),
        text("acknowledged_because", "Why", optional=True),
    ),
    key=("alert_name", "subject", "opened_at"),
    load=Load.LEDGER,
    note="Written at the end of a run; what the scheduler notices between two runs comes with the next.",
)
