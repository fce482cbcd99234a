"""Run annotating and following on the river; the only file that knows Faust.

Faust acknowledges an event when the agent's body raises, and a whole batch when an agent is stopped in the middle of
it: either would lose articles. So here agents only hand events over (`noack`), and an event is acknowledged by us, once
what came of it is on the broker. A crash repeats, never loses.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import faust
from faust.exceptions import ConsistencyError

from schemas import wire
from schemas.annotations import AnnotatedArticle
from schemas.topics import ANNOTATED, ARTICLES, ENRICHED, LARGEST_MESSAGE, Topic
from services.collector import spare
from services.enrich.annotate import Tools
from services.enrich.annotate_messages import annotated, decoded
from services.enrich.belt import Belt
from services.enrich.carry import ATTEMPTS, Carrier, Made, Origin, TooManyBuried, attempted
from services.enrich.follow import Followed, Measures, follow
from services.enrich.memory import Stories
from services.enrich.settings import EnrichSettings
from services.publish import NeverTaken, Publisher
from services.telemetry import get_log, timed

log = get_log("enrich")

T = TypeVar("T")

Take = Callable[[Any], Awaitable[None]]
Work = Callable[[], Awaitable[None]]


class Stopping(RuntimeError):
    """The service is stopping: what is not on the broker yet will be done again by the next one."""


class Crashed(RuntimeError):
    """Faust gave up; whoever supervises the process starts it again."""


class StoryTable(faust.Table[bytes, bytes]):
    """A Faust table that can say when its changes are on the broker."""

    unsettled: list[asyncio.Future[Any]]

    def send_changelog(self, *args: Any, **kwargs: Any) -> Any:
        """Send a change to the changelog, and remember that it is on its way."""
        sent = super().send_changelog(*args, **kwargs)
        self.__dict__.setdefault("unsettled", []).append(sent)
        return sent

    async def settled(self) -> None:
        """Wait until every change so far is on the broker."""
        unsettled, self.unsettled = self.__dict__.get("unsettled", []), []
        for sent in unsettled:
            await sent


class Step:
    """A Faust app with one agent that takes, and threads that do the work beside its loop.

    Each step is an app, and a process, of its own: one loop of Faust delivers all topics of an app in turn, so that a
    backlog to annotate would keep what is annotated from being followed.
    """

    def __init__(
        self, name: str, settings: EnrichSettings, reads: Topic, writes: Topic, take: Take, work: Work
    ) -> None:
        """The agent runs `take` over the topic's events and must not fail; `work` runs beside it, as long as it."""
        self.tables = settings.tables / name
        self.app = _app(name, settings, self.tables)
        self.failure: Exception | None = None
        self._stopping = threading.Event()
        # One thread for the model, whose session is shared, and one that waits for the broker.
        self._working = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._carrying = ThreadPoolExecutor(1, thread_name_prefix="carry")
        publisher = Publisher(settings, sleep=self._pause)
        self._carrier = Carrier(name, publisher, writes, settings.enrich_most_buried, _now)
        topic = self.app.topic(
            reads.named(settings.namespace),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )
        self.app.agent(topic, name=name)(take)
        self.app.task(work)

    @property
    def changelog(self) -> str | None:
        """The topic in which Faust keeps the step's table; none for a step without one."""
        return next((table.changelog_topic_name for table in self.app.tables.values()), None)

    async def carry(self, events: Sequence[Any], made: Sequence[Made]) -> None:
        """Bring what was made to the broker, and only then acknowledge what it was made of."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._carrying, self._carrier.carry, made)
        except (TooManyBuried, NeverTaken) as error:
            self.failure = error
            await self.app.crash(error)
            raise
        for event in events:
            event.ack()

    async def beside(self, work: Callable[[], T]) -> T:
        """Do it beside the event loop, which must go on with its heartbeats."""
        return await asyncio.get_running_loop().run_in_executor(self._working, work)

    def _pause(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Stopping("stopped while the broker was away")

    def close(self) -> None:
        """Let the threads end; what they still held will be done again by whoever comes next."""
        self._stopping.set()
        for thread in (self._working, self._carrying):
            thread.shutdown(wait=False, cancel_futures=True)


class Annotating:
    """`articles.v1` → annotate → `articles.annotated.v1`: heavy, stateless, as many workers as partitions."""

    def __init__(self, settings: EnrichSettings, tools: Tools) -> None:
        self.tools = tools
        self._belt: Belt[Any] = Belt(settings.enrich_batch, settings.enrich_batch_seconds)
        self.step = Step("annotate", settings, ARTICLES, ANNOTATED, self._take, self._work)

    async def _take(self, stream: Any) -> None:
        """Hand each article over."""
        async for event in stream.noack().events():
            await self._belt.put(event)

    async def _work(self) -> None:
        """Annotate what has come, batch by batch."""
        async for events in self._belt.batches():
            origins = [_origin(event) for event in events]
            made = await self.step.beside(partial(annotated, origins, self.tools))
            await self.step.carry(events, made)


class Following:
    """`articles.annotated.v1` → follow → `articles.enriched.v1`: light, and in the one order of the one partition."""

    def __init__(self, settings: EnrichSettings, measures: Measures) -> None:
        self.measures = measures
        self.stories: Stories | None = None
        self._belt: Belt[tuple[Any, Made]] = Belt(settings.enrich_batch, 0.01)
        self._settings = settings
        self.step = Step("follow", settings, ANNOTATED, ENRICHED, self._take, self._work)
        self.table: Any = self.step.app.Table("stories", partitions=1, key_type=bytes, value_type=bytes)
        self.step.app.on_partitions_assigned.connect(self._forget_stories, weak=False)
        self.step.app.on_partitions_revoked.connect(self._forget_stories, weak=False)

    async def _take(self, stream: Any) -> None:
        """Follow each article where the table may be written to, and hand it over."""
        # Faust's table refuses to be written to until the consumer knows of its changelog: that is no poison.
        while self.step.app.consumer.topic_partitions(self.table.changelog_topic_name) == 0:
            await asyncio.sleep(0.1)
        async for event in stream.noack().events():
            made = self.follow(_origin(event))
            if made.error is not None and event.message.tp not in self.step.app.consumer.assignment():
                # The partition went to another worker meanwhile, and with it the table: the article is theirs.
                continue
            await self._belt.put((event, made))

    async def _work(self) -> None:
        """Tell what was followed, once it is remembered."""
        async for batch in self._belt.batches():
            # The story is remembered before it is told: a crash between the two tells the same again.
            await self.table.settled()
            await self.step.carry([event for event, _ in batch], [made for _, made in batch])

    def follow(self, origin: Origin) -> Made:
        """Follow one article; in the agent itself, since a Faust table is written to only from there."""
        try:
            article = decoded(ANNOTATED, origin, AnnotatedArticle)
        except wire.Undecodable as error:
            return Made(origin, "buried", error=error)
        done = attempted(lambda: self._remembered(article))
        if isinstance(done, Exception):
            return Made(origin, "buried", step="follow", error=done, attempts=ATTEMPTS)
        return Made(origin, done.outcome, done.enriched)

    def _remembered(self, article: AnnotatedArticle) -> Followed:
        stories = self.stories = self._restored() if self.stories is None else self.stories
        with timed("enrich", "follow"):
            followed = follow(article, stories, self.measures)
        # Whoever fails in between leaves nothing half remembered: the next try restores what the table has.
        self.stories = None
        for key, row in followed.rows().items():
            self.table[key.encode()] = row
        if followed.remembered is not None and followed.chronicle is not None:
            for key in stories.add(followed.remembered, followed.chronicle, followed.merged):
                del self.table[key.encode()]
        self.stories = stories
        return followed

    def _restored(self) -> Stories:
        started = time.perf_counter()
        stories = Stories(window=self._settings.story_window, most=self._settings.story_articles)
        mended = stories.restore((key.decode(), value) for key, value in self.table.items())
        for key, row in mended.lacking.items():
            self.table[key.encode()] = row
        for key in mended.left_over:
            del self.table[key.encode()]
        spare()
        log.info("restored stories", articles=len(stories), seconds=round(time.perf_counter() - started, 3))
        return stories

    async def _forget_stories(self, *_: Any, **__: Any) -> None:
        self.stories = None


def run(step: Step) -> None:
    """Run until SIGTERM or SIGINT; raises what made it stop otherwise."""
    worker = faust.Worker(step.app, quiet=True, loglevel="WARNING", override_logging=False, redirect_stdouts=False)
    # Faust ends by SystemExit, also when all is well.
    try:
        with contextlib.suppress(SystemExit):
            worker.execute_from_commandline()
    finally:
        step.close()
    if isinstance(step.failure, NeverTaken):
        raise Crashed(str(step.failure)) from step.failure
    if step.failure is not None:
        raise step.failure
    if isinstance(worker.crash_reason, ConsistencyError):
        # The topics are not those that the tables were made from; Kafka has the truth, and the tables follow it.
        shutil.rmtree(step.tables)
        raise Crashed("the tables were of other topics and have been removed; start again to rebuild them")
    if worker.crash_reason is not None:
        raise Crashed(f"{type(worker.crash_reason).__name__}: {worker.crash_reason}") from worker.crash_reason


def _origin(event: Any) -> Origin:
    message = event.message
    headers = message.headers.items() if hasattr(message.headers, "items") else message.headers or ()
    return Origin(message.topic, message.partition, message.offset, message.key, message.value, tuple(headers))


def _now() -> datetime:
    return datetime.now(UTC)


def _app(name: str, settings: EnrichSettings, tables: Path) -> faust.App:
    tables.mkdir(parents=True, exist_ok=True)
    return faust.App(
        f"{settings.namespace}{name}",
        broker=[f"kafka://{address.strip()}" for address in settings.kafka.split(",")],
        Table=StoryTable,
        store="rocksdb://?driver=rocksdict",
        datadir=tables,
        topic_partitions=1,
        topic_disable_leader=True,
        broker_commit_interval=1.0,
        broker_session_timeout=settings.enrich_session_seconds,
        broker_heartbeat_interval=settings.enrich_session_seconds / 5,
        consumer_max_fetch_size=LARGEST_MESSAGE + 64 * 1024,
        consumer_auto_offset_reset="earliest",
        producer_max_request_size=LARGEST_MESSAGE + 64 * 1024,
        # Articles wait on the broker, not in our memory.
        stream_buffer_maxsize=4 * settings.enrich_batch,
        table_standby_replicas=0,
        web_enabled=settings.enrich_web_port > 0,
        web_port=settings.enrich_web_port or 6066,
        web_bind="127.0.0.1",
    )
