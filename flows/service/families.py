"""Write figures in the text form that Prometheus reads."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import inf

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from warehouse.measured import Sample


class _Given(Collector):
    """Hands on families that are there already: no process-wide registry, nothing that is counted in memory."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = tuple(families)

    def collect(self) -> Iterable[Metric]:
        return self._families


def text_of(families: Iterable[Metric]) -> bytes:
    """Write families, each with what it means and its kind."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Given(families))
    return generate_latest(registry)


def gauge(name: str, meaning: str, labels: Sequence[str], samples: Iterable[Sample]) -> Metric:
    """Give a number that goes up and down."""
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def plain(name: str, meaning: str, number: float) -> Metric:
    """Give a number without labels that goes up and down."""
    return gauge(name, meaning, (), [((), number)])


def counter(name: str, meaning: str, labels: Sequence[str], samples: Iterable[Sample]) -> Metric:
    """Give a number that only grows."""
    family = CounterMetricFamily(name, meaning, labels=labels)
    for values, number in samples:
        family.add_metric(values, number)
    return family


def histogram(
    name: str, meaning: str, labels: Sequence[str], up_to: Iterable[Sample], sums: Iterable[Sample]
) -> Metric:
    """Give how many things took how long; the last label of `up_to` is the upper end of a class."""
    family = HistogramMetricFamily(name, meaning, labels=labels)
    sum_of = dict(sums)
    for values, classes in groupby(sorted(up_to, key=_by_class), key=lambda sample: sample[0][:-1]):
        buckets = [(_end(sample), sample[1]) for sample in classes]
        family.add_metric(values, buckets=buckets, sum_value=sum_of.get(values, 0.0))
    return family


def _by_class(sample: Sample) -> tuple[tuple[str, ...], float]:
    return sample[0][:-1], float(sample[0][-1])


def _end(sample: Sample) -> str:
    end = float(sample[0][-1])
    return "+Inf" if end == inf else str(end)
