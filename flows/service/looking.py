"""Everything that a route may look at: one home, its orchestrator and the clock."""

from dataclasses import dataclass
from datetime import datetime

from extractors.settings import Settings
from flows.service.orchestrator import Orchestrator, PrefectWatch
from flows.service.sight import Now, Sight, View
from warehouse.home import Home


@dataclass(frozen=True, slots=True)
class Looking:
    """One service's eyes. Nothing in it writes."""

    home: Home
    settings: Settings
    clock: Now
    sight: Sight
    prefect: PrefectWatch

    def now(self) -> tuple[View, datetime]:
        """Give the state and the moment at which it was looked at."""
        return self.sight.look(), self.clock()

    def orchestrator(self) -> Orchestrator:
        """Say how Prefect's server is, where one is configured."""
        return self.prefect.look()
