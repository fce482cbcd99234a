"""What every command says alike: one sentence when it cannot go on, and at once when Kafka is away."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Annotated, NoReturn

import typer

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


def fail(sentence: str, leave: Callable[[int], NoReturn] | None = None) -> NoReturn:
    """Say why the command cannot go on, and end it with code 1."""
    typer.echo(f"dateline: {sentence}", err=True)
    if leave is not None:
        leave(1)
    raise typer.Exit(1)


@contextmanager
def kafka_reachable(kafka: str) -> Iterator[None]:
    """Fail when Kafka is away; at once when nothing listens there, where the client would try for half a minute."""
    from kafka.errors import KafkaError

    from deploy.listening import accepts

    if not any(":" not in address or accepts(address) for address in kafka.replace(" ", "").split(",")):
        fail(f"nothing answers at {kafka}, where Kafka should be; `make run` brings it up")
    try:
        yield
    except KafkaError as error:
        fail(f"Kafka does not answer at {kafka} ({type(error).__name__}); is `dateline up` running?")


def wait_aloud() -> Callable[[float], None]:
    """A way to wait as long as asked that says, the first time, for what."""
    waits = count()

    def wait(seconds: float) -> None:
        if next(waits) == 0:
            say = "dateline: Kafka is away; waiting for it (Ctrl-C ends this, and the next call resumes)"
            typer.echo(say, err=True)
        time.sleep(seconds)

    return wait
