"""How long a backfill still takes: the requests left at each host, at the pace that was kept or the one measured."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

Lanes = Mapping[str, int]
"""How many requests each host, or group of hosts that are paced as one, is to be asked."""


@dataclass(slots=True)
class _Lane:
    """What was seen of one host: how many requests took how long."""

    pace: float
    busy: float = 0.0
    count: int = 0
    last: float | None = None

    @property
    def seconds_each(self) -> float:
        """The pace, or what a request really takes where that is longer."""
        return max(self.pace, self.busy / self.count) if self.count else self.pace


@dataclass(slots=True)
class Remaining:
    """Counts requests as they are answered. Hosts are asked side by side, stages and chunks one after another.

    Safe to share between threads.
    """

    _left: list[list[dict[str, int]]]
    """By chunk and stage."""
    _lanes: dict[str, _Lane]
    _monotonic: Callable[[], float]
    done: int = 0
    _over: list[float] = field(default_factory=list)
    """Seconds from the last answer of a chunk until it was loaded, checked and published."""
    _chunk: int = 0
    _newest: float | None = None
    _lock: Lock = field(default_factory=Lock)

    @staticmethod
    def of(
        chunks: Sequence[Sequence[Lanes]], paces: Mapping[str, float], monotonic: Callable[[], float]
    ) -> "Remaining":
        """Begin with what is planned: for each chunk and stage the requests by lane, and the pace of each lane."""
        left = [[dict(stage) for stage in chunk] for chunk in chunks]
        lanes = defaultdict(lambda: _Lane(0.0), {name: _Lane(pace) for name, pace in paces.items()})
        return Remaining(left, lanes, monotonic)

    @property
    def left(self) -> int:
        """How many requests are known to be left; answers can lead to more."""
        with self._lock:
            return sum(count for chunk in self._left for stage in chunk for count in stage.values())

    def answered(self, lane: str, stage: int) -> None:
        """Note the answer to one request that was made."""
        with self._lock:
            at, known = self._monotonic(), self._lanes[lane]
            if known.last is not None:
                known.busy, known.count = known.busy + at - known.last, known.count + 1
            known.last = self._newest = at
            self.done += 1
            self._take(stage, lane)

    def recalled(self, lane: str, stage: int) -> None:
        """Note a request that the archive answered after all."""
        with self._lock:
            self._take(stage, lane)

    def finished(self) -> None:
        """Note that a chunk is done; what was planned and not asked in it is not asked any more."""
        with self._lock:
            if self._newest is not None:
                self._over.append(self._monotonic() - self._newest)
            self._left[self._chunk] = []
            self._chunk += 1
            self._newest = None
            for one in self._lanes.values():
                one.last = None

    @property
    def seconds(self) -> float:
        """How long it still takes, by what was measured so far."""
        with self._lock:
            over = sum(self._over) / len(self._over) if self._over else 0.0
            return sum(over + sum(self._stage_seconds(stage) for stage in chunk) for chunk in self._left[self._chunk :])

    def _stage_seconds(self, stage: Lanes) -> float:
        return max((count * self._lanes[lane].seconds_each for lane, count in stage.items()), default=0.0)

    def _take(self, stage: int, lane: str) -> None:
        stages = self._left[self._chunk]
        if stage < len(stages) and stages[stage].get(lane):
            stages[stage][lane] -= 1


def told(seconds: float) -> str:
    """Tell a length of time as people do."""
    if seconds < 90:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"
