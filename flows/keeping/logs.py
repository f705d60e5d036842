"""The log of a home: one file for each day, in which every run says what it did; old days go by `[keep] log_days`.

What only the file should have is said to `RUN_LOG`; warnings go to the terminal too.
"""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from extractors.masking import Masked
from flows.report import RunReport, loaded_rows
from warehouse.home import Home

RUN_LOG = logging.getLogger("dragongate.run")
RUN_LOG.setLevel(logging.INFO)
RUN_LOG.propagate = False

_ALL = logging.getLogger("dragongate")
_DAY = re.compile(r"dragongate-(\d{4}-\d{2}-\d{2})\.log")
_LINE = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s[%(process)d]: %(message)s"


@contextmanager
def logging_to(home: Home, keep_days: int, now: datetime) -> Iterator[Path]:
    """Write what the block says into the log of this day (of UTC), and remove days that are too old.

    Raises OSError where the folder cannot be written.
    """
    home.logs.mkdir(parents=True, exist_ok=True)
    for old in old_logs(home, keep_days, now.date()):
        old.unlink(missing_ok=True)
    path = home.logs / f"dragongate-{now:%Y-%m-%d}.log"
    handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace", delay=True)
    formatter = Masked(_LINE, datefmt="%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    for logger in (_ALL, RUN_LOG):
        logger.addHandler(handler)
    try:
        yield path
    finally:
        for logger in (_ALL, RUN_LOG):
            logger.removeHandler(handler)
        handler.close()


def old_logs(home: Home, keep_days: int, today: date) -> list[Path]:
    """List the logs of days that are too old; 0 keeps all."""
    if not keep_days or not home.logs.is_dir():
        return []
    dated = ((path, _DAY.fullmatch(path.name)) for path in sorted(home.logs.iterdir()))
    oldest = today - timedelta(days=keep_days)
    return [path for path, day in dated if day and date.fromisoformat(day[1]) < oldest]


def log_report(report: RunReport) -> None:
    """Write down how a run went: a line for each source, each table that changed, each gap, and one for the whole."""
    for source_id, outcomes in sorted(report.by_source.items()):
        RUN_LOG.info("source=%s %s", source_id, " ".join(f"{name}={count}" for name, count in sorted(outcomes.items())))
    for row in loaded_rows(report):
        if not any(row[name] for name in ("inserted", "updated", "rejected")):
            continue
        RUN_LOG.info(" ".join(f"{name}={value}" for name, value in row.items()))
    for gap in report.gaps:
        RUN_LOG.warning("gap source=%s chunk=%s %s: %s", gap.source_id, gap.chunk or "-", gap.outcome, gap.message)
    RUN_LOG.info(
        "ended run=%s state=%s generation=%s %s", report.run_id, report.state, report.generation, report.message
    )
