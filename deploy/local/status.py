"""What is up on this machine, what it has done, and how to take it down."""

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from deploy.local.plan import Plan
from deploy.local.settings import LocalSettings
from deploy.local.trouble import CannotStart
from schemas.topics import ALERTS, ANNOTATED, ARTICLES, ENRICHED
from services.settings import read_settings

STOPPED_WITHIN = 90  # seconds; services have ten each, the servers flush to disk
_READS = (("annotate", ARTICLES), ("follow", ANNOTATED), ("index", ENRICHED), ("alert", ENRICHED), ("deliver", ALERTS))
_SAMPLE = re.compile(r'^dateline_articles_total\{outcome="([^"]+)",service="([^"]+)"\} ([0-9.e+]+)$', re.MULTILINE)


class NotUp(RuntimeError):
    """Nothing of ours runs here."""


class AlreadyUp(CannotStart):
    """Ours runs here already; the message says since when, where, and how to stop it."""


@dataclass(frozen=True)
class State:
    """What `dateline up` wrote down about itself, beside its data."""

    pid: int
    began: float
    api: str
    pids: dict[str, int]

    @staticmethod
    def write(data: Path, api: str, pids: dict[str, int]) -> None:
        """Write down what runs, whole or not at all."""
        own = psutil.Process()
        state = State(pid=own.pid, began=own.create_time(), api=api, pids=pids)
        part = data / "up.json.part"
        part.write_text(json.dumps(asdict(state)))
        part.replace(data / "up.json")

    @staticmethod
    def read(data: Path) -> "State":
        """What runs now; raises `NotUp` also when what is written down is of a process long gone."""
        try:
            state = State(**json.loads((data / "up.json").read_text()))
            alive = abs(psutil.Process(state.pid).create_time() - state.began) < 1
        except (OSError, ValueError, TypeError, psutil.NoSuchProcess):
            alive = False
        if not alive:
            raise NotUp("Dateline is not up here; `make run` brings it up.")
        return state

    @staticmethod
    def forget(data: Path) -> None:
        """Nothing runs any more."""
        (data / "up.json").unlink(missing_ok=True)


def require_down(data: Path) -> None:
    """Raise `AlreadyUp` if Dateline is up on this data: a second one would find its ports taken, and not know why."""
    try:
        state = State.read(data)
    except NotUp:
        return
    since = datetime.fromtimestamp(state.began).astimezone()
    raise AlreadyUp(
        f"Dateline is already up here, at {state.api}, since {since:%Y-%m-%d %H:%M} as process {state.pid}, with its "
        f"data in {data}. Stop it with Ctrl-C in its terminal, or with `dateline down`."
    )


@dataclass(frozen=True)
class Report:
    """What is up: memory of each process in MiB, how far each consumer is behind, articles by outcome."""

    healthy: bool
    sentence: str
    api: str = ""
    resident_mib: dict[str, int | None] = field(default_factory=dict)
    behind: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return asdict(self)

    def as_text(self) -> str:
        """For people."""
        lines = [self.sentence]
        for name, mib in self.resident_mib.items():
            lines.append(f"  {name:<14}" + (f"{mib:>6} MiB" if mib is not None else "  not running"))
        lines += [f"  behind by {count} in {group}" for group, count in self.behind.items()]
        for service, counts in self.outcomes.items():
            lines.append(f"  {service}: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
        return "\n".join(lines)


def read_status() -> Report:
    """Look at the processes, the consumer groups and the services' counters."""
    plan = Plan()
    try:
        state = State.read(plan.local.data_folder)
    except NotUp as error:
        return Report(healthy=False, sentence=str(error))
    resident = {name: _resident_mib(pid) for name, pid in state.pids.items()}
    down = [name for name, mib in resident.items() if mib is None]
    if not state.pids:
        return Report(healthy=False, sentence=f"Dateline is starting as process {state.pid}.")
    sentence = f"Dateline is up at {state.api}." if not down else f"Down: {', '.join(down)}."
    return Report(
        healthy=not down,
        sentence=sentence,
        api=state.api,
        resident_mib=resident,
        behind=_behind(f"127.0.0.1:{plan.local.kafka_port}", plan.namespace),
        outcomes=_outcomes(plan),
    )


def take_down() -> str:
    """Ask `dateline up` to stop and wait until it has; raises `NotUp`."""
    state = State.read(read_settings(LocalSettings).data_folder)
    process = psutil.Process(state.pid)
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN)
    except psutil.TimeoutExpired:
        raise NotUp(f"process {state.pid} did not stop within {STOPPED_WITHIN} s; look at its terminal") from None
    return "Dateline is down; its data is kept."


def _resident_mib(pid: int) -> int | None:
    try:
        return int(psutil.Process(pid).memory_info().rss // 1024**2)
    except psutil.NoSuchProcess:
        return None


def _behind(kafka: str, namespace: str) -> dict[str, int]:
    """Messages that each consumer group has not committed yet."""
    try:
        admin = KafkaAdminClient(bootstrap_servers=kafka, bootstrap_timeout_ms=3000)
        consumer = KafkaConsumer(bootstrap_servers=kafka, bootstrap_timeout_ms=3000, enable_auto_commit=False)
    except KafkaError:
        return {}
    try:
        return {group: backlog(admin, consumer, namespace + group, topic.named(namespace)) for group, topic in _READS}
    except KafkaError:
        return {}
    finally:
        admin.close()
        consumer.close()


def backlog(admin: Any, consumer: Any, group: str, topic: str) -> int:
    """Messages of the topic that the group has not committed; of a partition never committed, all that it holds."""
    partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    committed = admin.list_group_offsets(group)[group]
    ends, beginnings = consumer.end_offsets(partitions), consumer.beginning_offsets(partitions)
    behind = 0
    for partition in partitions:
        done = committed[partition].offset if partition in committed else -1
        # What has expired meanwhile is not owed any more; -1 is Kafka's word for a partition never committed.
        behind += ends[partition] - max(done, beginnings[partition])
    return behind


def _outcomes(plan: Plan) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for port in [program.metrics_port for program in plan.programs() if program.metrics_port]:
        try:
            text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=2).text
        except httpx.HTTPError:
            continue
        for outcome, service, value in _SAMPLE.findall(text):
            counts.setdefault(service, Counter())[outcome] += int(float(value))
    return {service: dict(count) for service, count in sorted(counts.items())}
