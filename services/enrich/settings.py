"""What enrich is told from outside."""

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field

import models
from services.settings import Settings

CACHE = Path("~/.cache/dateline")
"""Where the packed tables are unpacked, once, unless `DATELINE_CACHE` says otherwise; safe to delete."""


class EnrichSettings(Settings):
    """Read once in `__main__`, from the environment; frozen after that."""

    data: Path = Field(default=Path(".dateline"), description="where enrich keeps its tables, which Kafka can rebuild")
    enrich_web_port: int = Field(
        default=0, ge=0, le=65535, description="where Faust's own page is served on loopback; 0 for nowhere"
    )
    enrich_start_seconds: float = Field(
        default=60, gt=0, description="how long enrich waits at its start for Kafka and its topics before it gives up"
    )
    enrich_batch: int = Field(default=8, ge=1, le=1000, description="articles annotated together at most")
    enrich_batch_seconds: float = Field(
        default=0.05, ge=0, le=10, description="how long an article waits for others to be annotated with it"
    )
    enrich_most_buried: int = Field(
        default=50, ge=1, description="dead letters in a row after which enrich stops: a bad deploy must not bury all"
    )
    enrich_session_seconds: float = Field(
        default=20, ge=6, le=300, description="after how long a silent worker's partitions are given to another"
    )
    models_folder: Path = Field(
        default=Path(models.__file__).parent, description="where the learned weights and built tables are"
    )
    cache: Path = Field(default=CACHE, description="what is unpacked or fetched once; safe to delete")
    language_profile: Literal["quality", "fast"] = Field(
        default="quality", description="the encoder: quality, or fast (half the layers, some points less)"
    )
    own_actors: Path = Field(
        default=Path(".dateline/actors.jsonl"),
        description="JSON Lines of actors of your own (`dateline actors add`); read anew whenever the file changes",
    )
    model_threads: int = Field(default=1, ge=1, description="threads that the language model may use")
    story_days: float = Field(
        default=14, gt=0, description="days after its last article during which a story takes another"
    )
    story_articles: int = Field(
        default=100_000, ge=100, description="articles that enrich remembers to compare with; the oldest are forgotten"
    )

    @property
    def language_model(self) -> Path:
        """The folder of the encoder that the profile names."""
        return self.models_folder / ("names_stance" if self.language_profile == "quality" else "names_stance_fast")

    @property
    def own_actors_file(self) -> Path:
        """`own_actors` with a "~" made the home folder, so that who writes it and who reads it mean one file."""
        return self.own_actors.expanduser()

    @property
    def tables(self) -> Path:
        """The folder of Faust's tables; one for each namespace, since each has topics of its own."""
        return self.data.expanduser().absolute() / "enrich" / f"{self.namespace}tables"

    @property
    def story_window(self) -> timedelta:
        """`story_days` as a span of time."""
        return timedelta(days=self.story_days)
