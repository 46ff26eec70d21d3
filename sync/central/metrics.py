"""The office's figures about itself, in Prometheus' text format.

With one worker they lie in memory. With several each worker writes to files in the folder that
`PROMETHEUS_MULTIPROC_DIR` names (set by `serve` before the workers start), and whichever of them is
asked adds all up.
"""

import os
from collections.abc import Iterator, Mapping

import prometheus_client
from prometheus_client import metrics_core, multiprocess, registry

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
"""Seconds; the last is the kiosks' own read time-out, so what lies above it reached nobody."""

NOW = {
    "smiley_kiosks": "Enrolled kiosks: heard in the last seven minutes, silent, never heard.",
    "smiley_streams": "Streams that a kiosk sends and that another one holds (foreign).",
    "smiley_figures": "Kiosks whose figures are yet to be counted anew (late).",
    "smiley_disk_bytes": "The disk under a SQLite database: free, total.",
}
"""What is read at the moment of asking, with its meaning."""


class _Moment(registry.Collector):
    """What is true now. No gauges of the library: with several workers each would also leave its
    value in their folder, and the page have it once more, as old as that worker's last answer."""

    def __init__(self, now: Mapping[str, Mapping[str, float]]) -> None:
        self._now = now

    def collect(self) -> Iterator[metrics_core.Metric]:
        """Give each figure with its states."""
        for name, states in self._now.items():
            gauge = metrics_core.GaugeMetricFamily(name, NOW[name], labels=["state"])
            for state, value in states.items():
                gauge.add_metric([state], value)
            yield gauge


class Metrics:
    """Counters of one office process; each has its own registry, so that tests may hold many."""

    def __init__(self) -> None:
        self.registry = prometheus_client.CollectorRegistry()
        self._requests = prometheus_client.Counter(
            "smiley_requests",
            "Answers given, by route, method and status.",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self._seconds = prometheus_client.Histogram(
            "smiley_request_seconds",
            "Time from a request's head to its answer's end.",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._events = prometheus_client.Counter(
            "smiley_events",
            "Events received in batches that were booked, by verdict.",
            ["verdict"],
            registry=self.registry,
        )
        self._batches = prometheus_client.Counter(
            "smiley_batches", "Batches, by answer.", ["answer"], registry=self.registry
        )

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Note one answer; `route` is the pattern, never the path somebody asked for."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def booked(self, answer: str, events: int = 0, refused: int = 0, conflicts: int = 0) -> None:
        """Note one batch and what became of its events."""
        self._batches.labels(answer).inc()
        for verdict, number in (
            ("taken", events - refused - conflicts),
            ("refused", refused),
            ("conflict", conflicts),
        ):
            if number > 0:
                self._events.labels(verdict).inc(number)

    def page(self, now: Mapping[str, Mapping[str, float]] | None = None) -> bytes:
        """Give all figures, all workers' added up, as `text/plain; version=0.0.4`.

        `now`: what is true of the whole office at this moment, by figure and state.
        """
        moment = prometheus_client.CollectorRegistry()
        moment.register(_Moment(now or {}))
        return self._counted() + prometheus_client.generate_latest(moment)

    def _counted(self) -> bytes:
        if not os.environ.get(FOLDER):
            return prometheus_client.generate_latest(self.registry)
        everybody = prometheus_client.CollectorRegistry()
        multiprocess.MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]  # ships no types here
        return prometheus_client.generate_latest(everybody)
