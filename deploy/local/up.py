"""Bring the whole river up on this machine, show it, and take it down again in order."""

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from types import FrameType

import httpx
from rich.console import Console

from deploy.local.checks import check_machine
from deploy.local.elasticsearch import start_elasticsearch
from deploy.local.kafka import start_kafka
from deploy.local.plan import Plan, Program
from deploy.local.process import Child, NotReady
from deploy.local.server import Server
from deploy.local.status import State, require_down
from deploy.local.view import View
from deploy.samples.feeds import feeds_toml
from deploy.samples.searches import SAMPLE_SEARCHES
from deploy.topics import create_topics

READY_WITHIN = 90  # seconds for all services; 15 when idle, most of it loading models on a busy machine
FIRST = 60.0  # seconds to wait for the first article, on a machine that is still busy with the start
QUIET = 12.0  # seconds without an article after which the sample news counts as told
CALM = 60.0  # seconds that a restarted service must run before its falls are forgotten
STOPS_WITHIN = 15.0  # seconds that each process has for its own end, before it is killed
FALLS = 5  # in a row, after which a service is left down: it will not stand up by itself


def bring_up(feeds: Sequence[str], *, samples: bool, drip: float) -> None:
    """Start everything, show what comes in, and stay until Ctrl-C or SIGTERM; then stop everything.

    Raises `CannotStart` with one sentence that says what to do.
    """
    console = Console()
    plan = Plan(feeds=tuple(feeds), samples=samples, drip=drip)
    stopping = threading.Event()
    with ExitStack() as stack:
        _stop_on_signals(stopping, stack)
        try:
            require_down(plan.local.data_folder)
            check_machine(plan.local.data_folder, plan.listeners())
            house = stack.enter_context(House(plan, console, stopping))
            house.start()
        except Interrupted:
            return
        house.stay()


class Interrupted(Exception):
    """The person changed their mind while things were starting."""


class House:
    """Everything that runs, in the order it was started."""

    def __init__(self, plan: Plan, console: Console, stopping: threading.Event) -> None:
        self._plan = plan
        self._console = console
        self._stopping = stopping
        self._servers: list[Server] = []
        self._children: dict[Program, Child] = {}
        self._falls: dict[Program, list[float]] = {}
        self._left_down: set[Program] = set()
        self._began = time.monotonic()
        self._view: View | None = None

    def __enter__(self) -> "House":
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the services first, so that what they hold is written, then the servers."""
        going = [*reversed(self._children.values()), *(server.child for server in reversed(self._servers))]
        if going:
            self._say(f"stopping {', '.join(child.name for child in going)}")
        if self._view is not None:
            self._view.close()
        for child in going:
            self._say(stopped(child))
        State.forget(self._plan.local.data_folder)

    def start(self) -> None:
        """Servers, topics, services, saved searches: each waits until the one before is ready."""
        settings = self._plan.local
        data, cache = settings.data_folder, settings.cache_folder
        # Before anything listens: whoever starts a second one meanwhile is told of us, not of a port.
        self._write_down()
        kafka = start_kafka(data, settings.kafka_port, cache, settings.kafka_controller_port, self._say)
        self._started(kafka)
        elasticsearch = start_elasticsearch(
            data, settings.elasticsearch_port, cache, settings.elasticsearch_transport_port, self._say
        )
        self._started(elasticsearch)
        create_topics(kafka.address, self._plan.namespace)
        self._say("topics created")
        self._view = View(kafka.address, self._plan.namespace, self._console)
        *reading, ingest = self._plan.programs()
        for program in reading:
            self._launch(program)
        self._wait_for_api()
        self._prepare_samples()
        self._launch(ingest)
        self._say("services ready")

    def pids(self) -> dict[str, int]:
        """The process id of everything that runs."""
        return {server.name: server.pid for server in self._servers} | {
            child.name: child.pid for child in self._children.values()
        }

    def resident_mib(self) -> dict[str, int]:
        """The memory that each process holds now."""
        return {
            child.name: child.resident_bytes // 1024**2
            for child in (*(server.child for server in self._servers), *self._children.values())
        }

    def stay(self) -> None:
        """Show what comes until told to stop, and put back on its feet whatever falls."""
        assert self._view is not None
        told = not self._plan.plays_samples
        if told:
            self._print_addresses()
        # What was told before is not told again: a second start has nothing to wait for.
        patience = QUIET if self._found_again() else FIRST
        last = time.monotonic()
        while not self._stopping.is_set():
            if self._view.show_what_came(within_ms=500):
                last, patience = time.monotonic(), QUIET
            elif not told and time.monotonic() - last > patience:
                told = True
                self._print_addresses()
            self._mend()

    def _started(self, server: Server) -> None:
        self._servers.append(server)
        self._say(f"{server.name} ready at {server.address}")
        if self._stopping.is_set():
            raise Interrupted

    def _launch(self, program: Program) -> None:
        log = self._plan.local.data_folder / "logs" / f"{program.name}.log"
        command = [sys.executable, "-m", *program.command]
        self._children[program] = Child(program.name, command, log, self._plan.environment_of(program, os.environ))
        self._write_down()

    def _write_down(self) -> None:
        State.write(self._plan.local.data_folder, api=self._plan.api_url, pids=self.pids())

    def _wait_for_api(self) -> None:
        """Wait until the API says that it, Kafka, Elasticsearch and the index are ready."""
        self._say("services starting")
        api = next(child for child in self._children.values() if child.name == "api")

        def ready() -> bool:
            if self._stopping.is_set():
                raise Interrupted
            for child in self._children.values():
                if not child.running:
                    raise NotReady(f"{child.name} ended with code {child.exit_code}.\n{child.last_words()}")
            try:
                return httpx.get(f"{self._plan.api_url}/readyz", timeout=2).status_code == httpx.codes.OK
            except httpx.HTTPError:
                return False

        api.wait_until(ready, READY_WITHIN)

    def _prepare_samples(self) -> None:
        """Write down the sample feeds for ingest, and save the searches that they will raise alerts for."""
        if not self._plan.plays_samples:
            if self._plan.samples:
                self._say("DATELINE_FEEDS or DATELINE_FEED names feeds of yours; the sample news is left out")
            return
        (self._plan.local.data_folder / "sample-feeds.toml").write_text(feeds_toml(self._plan.samples_url))
        have = {search["name"] for search in httpx.get(f"{self._plan.api_url}/searches", timeout=10).json()["searches"]}
        for search in SAMPLE_SEARCHES:
            if search["name"] not in have:
                httpx.post(f"{self._plan.api_url}/searches", json=search, timeout=10).raise_for_status()

    def _found_again(self) -> int:
        """How many articles an earlier run left in the index."""
        found = int(httpx.get(f"{self._plan.api_url}/articles", params={"size": 1}, timeout=30).json()["total"])
        if found:
            self._say(f"{found} articles found again")
        return found

    def _mend(self) -> None:
        """Start again what fell; what falls again and again is left down, and said so once."""
        for server in self._servers:
            if not server.running:
                self._say(f"{server.name} fell; starting it again")
                server.start()
                self._write_down()
        for program, child in list(self._children.items()):
            if child.running or program in self._left_down:
                continue
            now = time.monotonic()
            falls = [fall for fall in self._falls.get(program, []) if now - fall < CALM]
            self._falls[program] = [*falls, now]
            if len(falls) + 1 == FALLS:
                self._left_down.add(program)
                self._say(f"{child.name} fell {FALLS} times and is left down.\n{child.last_words()}")
            else:
                self._say(f"{child.name} ended with code {child.exit_code}; starting it again")
                self._launch(program)

    def _print_addresses(self) -> None:
        for line in self._plan.addresses():
            self._console.print(line, highlight=False, soft_wrap=True)

    def _say(self, line: str) -> None:
        elapsed = time.monotonic() - self._began
        self._console.print(f"[dim]{elapsed:6.1f} s[/]  {line}", highlight=False, soft_wrap=True)


def stopped(child: Child, within: float = STOPS_WITHIN) -> str:
    """End it, and say how that went."""
    if not child.running:
        return f"{child.name} had ended with code {child.exit_code}"
    began = time.monotonic()
    how = "did not end when asked, and was killed" if child.stop(within) == -signal.SIGKILL else "stopped"
    return f"{child.name} {how} after {time.monotonic() - began:.1f} s"


def _stop_on_signals(stopping: threading.Event, stack: ExitStack) -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.signal(number, stop)
        stack.callback(signal.signal, number, before)
