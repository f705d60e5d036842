"""Where things lie in one installation's home folder.

HOME/
  dragongate.toml       settings of the operator
  watchlist.toml        whom this home follows
  archive/              WARC files: all that came in, and nothing else is needed to rebuild the rest
  private/              the writer's own warehouse file; nobody else opens it
  published/            what analysts and dashboards open: warehouse.duckdb and ops.duckdb
  exports/              generations as Parquet, where `dragongate export` is told no other folder
  prefect/              the orchestrator's database and log
  logs/                 what each run said, one file for each day
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one home folder."""

    root: Path

    @property
    def settings(self) -> Path:
        """The operator's settings."""
        return self.root / "dragongate.toml"

    @property
    def watchlist(self) -> Path:
        """The watch list of this home."""
        return self.root / "watchlist.toml"

    @property
    def archive(self) -> Path:
        """The folder of WARC files."""
        return self.root / "archive"

    @property
    def warehouse(self) -> Path:
        """The writer's file."""
        return self.root / "private" / "warehouse.duckdb"

    @property
    def rebuilding(self) -> Path:
        """The folder in which a rebuild makes its warehouse; it is gone when the rebuild is over."""
        return self.root / "private" / "rebuilding"

    @property
    def lease(self) -> Path:
        """The writer's lease."""
        return self.root / "private" / "lease"

    @property
    def published(self) -> Path:
        """The folder that readers open files in."""
        return self.root / "published"

    @property
    def published_warehouse(self) -> Path:
        """The link to the newest generation."""
        return self.published / "warehouse.duckdb"

    @property
    def published_ops(self) -> Path:
        """The copy of the ledger that goes out after every run, good or bad."""
        return self.published / "ops.duckdb"

    @property
    def exports(self) -> Path:
        """The folder of generations as Parquet."""
        return self.root / "exports"

    @property
    def prefect(self) -> Path:
        """The orchestrator's own folder."""
        return self.root / "prefect"

    @property
    def prefect_database(self) -> Path:
        """The orchestrator's database, where its server is ours."""
        return self.prefect / "prefect.db"

    @property
    def logs(self) -> Path:
        """What each run said, day by day."""
        return self.root / "logs"

    def make(self) -> "Home":
        """Make the folders. Raises OSError where the place cannot be written."""
        for folder in (self.archive, self.warehouse.parent, self.published, self.prefect):
            folder.mkdir(parents=True, exist_ok=True)
        return self
