"""`dateline`: bring it up, feed it, ask it, and run its steps on files."""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.dlq import dlq
from deploy.keys import keys
from deploy.own_actors import actors
from deploy.sentence import AsJson, fail, kafka_reachable, wait_aloud
from services.settings import WrongSetting, read_settings
from services.telemetry import configure_logging

app = typer.Typer(
    help="Dateline: news as it is published, with its names, places, stances and stories.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(actors, name="actors")
app.add_typer(dlq, name="dlq")
app.add_typer(keys, name="keys")

Lines = Annotated[typer.FileText, typer.Argument(help="JSON Lines; - for standard input.")]


@app.command()
def up(
    feed: Annotated[list[str] | None, typer.Option(help="Follow this RSS or Atom feed; may be given again.")] = None,
    samples: Annotated[bool, typer.Option(help="Play the sample news, unless there are feeds of yours.")] = True,
    drip: Annotated[float, typer.Option(help="Seconds between two sample articles.")] = 0.5,
) -> None:
    """Start Kafka, Elasticsearch and every service on this machine, show what comes in, stay until Ctrl-C."""
    from deploy.local.trouble import CannotStart
    from deploy.local.up import bring_up
    from deploy.topics import TopicDisagrees

    try:
        bring_up(feeds=feed or [], samples=samples and not feed, drip=drip)
    except (CannotStart, TopicDisagrees) as error:
        fail(str(error))


@app.command()
def down() -> None:
    """Stop what `dateline up` started on this machine."""
    from deploy.local.status import NotUp, take_down

    try:
        typer.echo(take_down())
    except NotUp as error:
        fail(str(error))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Say what is up, how far each consumer is behind, and what became of the articles."""
    from deploy.local.status import read_status

    report = read_status()
    typer.echo(json.dumps(report.as_json()) if as_json else report.as_text())
    raise typer.Exit(0 if report.healthy else 1)


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(help="JSON Lines, also gzipped, or plain text.")],
    limit: Annotated[
        int | None, typer.Option(help="Stop after so many lines of each; the next call goes on there.", min=1)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Publish the articles in these files; a line that cannot be read becomes a dead letter, and is counted."""
    from services.ingest.replay import FileUnreadable, Progress, replay_files
    from services.ingest.seen import MemoryUnusable
    from services.ingest.settings import IngestSettings
    from services.ingest.submission import UNTAKEN
    from services.publish import NeverTaken

    for path in files:
        if not path.is_file():
            fail(f"{path} is no file; give JSON Lines (.jsonl, .jsonl.gz) or text files")

    show = sys.stderr.isatty() and not as_json

    def progress(done: Progress) -> None:
        if show:
            typer.echo(f"\r{done.path.name}: {done.lines} lines, {done.share:.0%}", nl=False, err=True)

    try:
        with kafka_reachable(_settings().kafka):
            outcomes = replay_files(
                files, read_settings(IngestSettings), limit, on_progress=progress, wait=wait_aloud()
            )
    except (FileUnreadable, MemoryUnusable, NeverTaken) as error:
        fail(str(error))
    if show:
        typer.echo("", err=True)
    if as_json:
        typer.echo(json.dumps(outcomes))
        return
    typer.echo(", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())) or "nothing to read")
    if buried := sum(outcomes[outcome] for outcome in {*UNTAKEN.values(), "failed"}):
        typer.echo(f"{buried} could not be taken; `dateline dlq list` says why", err=True)


@app.command()
def annotate(
    lines: Annotated[typer.FileText, typer.Argument(help="JSON Lines, or with --show plain text too; - for stdin.")],
    show: Annotated[
        bool, typer.Option("--show", help="For a person to read: marked in the text, with reasons.")
    ] = False,
    stances: Annotated[bool, typer.Option(help="Stances too, which take most of the time.")] = True,
) -> None:
    """Find the names, places and stances in articles: id, text, and title, published, outlet if any."""
    if show:
        _show(lines, stances)
        return
    from services.enrich.batch import annotate_lines

    _each(partial(annotate_lines, stances=stances), lines)


@app.command()
def resolve(lines: Lines) -> None:
    """Put given mentions on the map: id, text, mentions: [{start, end}]."""
    from services.enrich.batch import resolve_lines

    _each(resolve_lines, lines)


@app.command()
def stance(lines: Lines) -> None:
    """Judge a stance: id, text, target_start, target_end, and source_start, source_end if any."""
    from services.enrich.batch import stance_lines

    _each(stance_lines, lines)


@app.command()
def follow(lines: Lines) -> None:
    """Follow articles, in order of time: id, text, and title, published, outlet if any.

    A line answers with id, story, title (the story's), novelty (0 to 1),
    duplicate_of (an id of yours, or null), developments (what it tells first:
    id, kind, reason, score) and repeats (what it tells again: id, kind,
    reason, and how many articles and outlets tell it by now).
    """
    from services.enrich.batch import follow_lines

    _each(follow_lines, lines)


@app.command()
def extract(lines: Lines) -> None:
    """Extract articles from pages: id, url, html."""
    from services.ingest.batch import extract_lines

    _each(extract_lines, lines)


@app.command()
def topics(
    create: Annotated[bool, typer.Option("--create", help="Create those that are not there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the river's topics, and create them on the broker if asked."""
    from schemas.topics import TOPICS, readme_table

    if create:
        from deploy.topics import create_topics

        settings = _settings()
        with kafka_reachable(_settings().kafka):
            create_topics(settings.kafka, settings.namespace)
    if not as_json:
        typer.echo(readme_table())
        return
    for topic in TOPICS:
        days = None if topic.retention is None else topic.retention.days
        row: dict[str, Any] = {"topic": topic.name, "message": topic.message.__name__, "key": topic.key}
        row |= {"partitions": topic.partitions, "retention_days": days, "compacted": topic.compacted}
        typer.echo(json.dumps(row | {"writer": topic.writer, "readers": topic.readers}))


def main() -> None:
    """Run the command; a wrong setting is one sentence, not a traceback."""
    # A person at a command reads its output; what the services' code notes on the way is for their own logs, and a
    # broker that is away is one sentence, not what its client says of each try.
    configure_logging("ERROR", as_json=False)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    try:
        app()
    except WrongSetting as error:
        fail(str(error), leave=sys.exit)


def _each(step: Callable[[Iterable[str]], Iterator[dict[str, Any]]], lines: Iterable[str]) -> None:
    from services.enrich.own_actors import Unusable

    try:
        for row in step(lines):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has had enough; that is no error of ours.
        sys.stderr.close()
    except (Unusable, OSError) as error:
        fail(str(error))


def _show(lines: typer.FileText, stances: bool) -> None:
    from rich.console import Console

    from deploy.show import NotAnArticle, show_articles
    from services.enrich.batch import asked_for
    from services.enrich.own_actors import Unusable
    from services.enrich.settings import EnrichSettings
    from services.enrich.tools import Models

    try:
        tools = Models.load(read_settings(EnrichSettings)).tools()
        show_articles(lines, asked_for(tools, stances=stances, vectors=False), Console())
    except BrokenPipeError:
        sys.stderr.close()
    except (NotAnArticle, Unusable, OSError) as error:
        fail(str(error))


def _settings() -> Any:
    from services.settings import Settings

    return read_settings(Settings)


if __name__ == "__main__":
    main()
