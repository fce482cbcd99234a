"""What runs on this machine, with which settings, and where it is found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from deploy.local.checks import Listener
from deploy.local.settings import LocalSettings
from services.enrich.settings import EnrichSettings
from services.ingest.settings import IngestSettings
from services.search.settings import SearchSettings
from services.settings import read_settings

SAMPLE_FEED_SECONDS = 1
"""The sample feeds are asked this often: what drips in should be seen as it comes."""


@dataclass(frozen=True)
class Program:
    """One process of ours: its name, its module with arguments, where it serves /metrics, and what it is told."""

    name: str
    command: tuple[str, ...]
    metrics_port: int = 0
    told: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """The whole river on one machine; the rest of the environment reaches every program as it is."""

    local: LocalSettings = field(default_factory=lambda: read_settings(LocalSettings))
    ingest: IngestSettings = field(default_factory=lambda: read_settings(IngestSettings))
    enrich: EnrichSettings = field(default_factory=lambda: read_settings(EnrichSettings))
    search: SearchSettings = field(default_factory=lambda: read_settings(SearchSettings))
    feeds: tuple[str, ...] = ()
    samples: bool = True
    drip: float = 0.5

    @property
    def plays_samples(self) -> bool:
        """Whether the sample news plays: never beside real feeds, which would be asked as often as the samples are."""
        return self.samples and not (self.feeds or self.ingest.feeds or self.ingest.feed)

    @property
    def namespace(self) -> str:
        """Put before every topic, index and group."""
        return self.search.namespace

    @property
    def api_url(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.search.api_port}"

    @property
    def samples_url(self) -> str:
        """Where the sample news is served."""
        return f"http://127.0.0.1:{self.local.samples_port}"

    def programs(self) -> tuple[Program, ...]:
        """Every process in the order to start them: what reads before what writes, ingest last."""
        reading = (
            Program("annotate", ("services.enrich", "annotate"), self.local.metrics_base + 2),
            Program("follow", ("services.enrich", "follow"), self.local.metrics_base + 3),
            Program("index", ("services.search", "index"), self.local.metrics_base + 4),
            Program("alert", ("services.search", "alert"), self.local.metrics_base + 5),
            Program("deliver", ("services.search", "deliver"), self.local.metrics_base + 6),
            Program("api", ("services.search", "api")),
        )
        site = ("deploy.samples.site", "--port", str(self.local.samples_port), "--drip", str(self.drip))
        return (*((Program("samples", site),) if self.plays_samples else ()), *reading, self._ingest())

    def environment_of(self, program: Program, outside: Mapping[str, str]) -> dict[str, str]:
        """What the program finds in its environment: what was there, with our addresses over it."""
        ours = {
            "DATELINE_KAFKA": f"127.0.0.1:{self.local.kafka_port}",
            "DATELINE_ELASTICSEARCH": f"http://127.0.0.1:{self.local.elasticsearch_port}",
            "DATELINE_DATA": str(self.local.data_folder),
            "DATELINE_CACHE": str(self.local.cache_folder),
            "DATELINE_METRICS_PORT": str(program.metrics_port),
            # Two cores serve everything here; the numeric libraries would each take them all.
            "OMP_NUM_THREADS": "1",
        }
        return {**outside, **ours, **dict(program.told)}

    def listeners(self) -> Iterator[Listener]:
        """Every port that our programs listen on; the servers check their own."""
        yield Listener(self.search.api_port, "DATELINE_API_PORT")
        yield Listener(self.ingest.push_port, "DATELINE_PUSH_PORT")
        if self.plays_samples:
            yield Listener(self.local.samples_port, "DATELINE_SAMPLES_PORT")
        for program in self.programs():
            if program.metrics_port:
                yield Listener(program.metrics_port, "DATELINE_METRICS_BASE")

    def addresses(self) -> list[str]:
        """What a person can try now, as lines of rich markup."""
        api = self.api_url
        return [
            "",
            "[bold green]Dateline is up.[/] Ctrl-C stops it; its data is kept for the next start.",
            f"  search     curl -s '{api}/articles?q=pact&facets=country'",
            f"  by stance  curl -s '{api}/articles?polarity_max=-0.3'",
            f"  alerts     curl -sN {api}/alerts/stream",
            f"  try it     {api}/docs",
            f"  push       curl -s -X POST http://127.0.0.1:{self.ingest.push_port}/articles -H 'content-type: "
            'application/json\' -d \'{"url": "https://outlet.example/a", "title": "…", "text": "…"}\'',
            "  your feed  make run FEED=https://outlet.example/rss.xml",
            "",
        ]

    def _ingest(self) -> Program:
        told = []
        if self.plays_samples:
            told = [
                ("DATELINE_FEEDS", str(self.local.data_folder / "sample-feeds.toml")),
                ("DATELINE_ALLOW_HOSTS", f"127.0.0.1:{self.local.samples_port}"),
                ("DATELINE_FEED_SECONDS_MIN", str(SAMPLE_FEED_SECONDS)),
                ("DATELINE_FEED_SECONDS_MAX", str(SAMPLE_FEED_SECONDS)),
            ]
        elif self.feeds:
            told = [("DATELINE_FEED", ",".join(self.feeds))]
        return Program("ingest", ("services.ingest",), self.local.metrics_base + 1, tuple(told))
