"""`dateline dlq`: list what was put aside, look at it, and put it back."""

from typing import Annotated

import typer

from deploy.sentence import AsJson, fail, kafka_reachable
from services.settings import Settings, read_settings

dlq = typer.Typer(help="What could not be read or done: list it, look at it, put it back.", no_args_is_help=True)


@dlq.command("list")
def dlq_list(as_json: AsJson = False) -> None:
    """List the dead letters, oldest first."""
    from deploy.dead_letters import dead_letters

    none = True
    with kafka_reachable(_settings().kafka):
        for letter in dead_letters(_settings()):
            none = False
            if as_json:
                typer.echo(letter.model_dump_json(exclude={"bytes_base64"}))
            else:
                reason = " ".join(letter.reason.split())[:120]
                typer.echo(f"{letter.buried:%Y-%m-%d %H:%M:%S}  {letter.id}  {letter.step}: {letter.error}: {reason}")
    if none and not as_json:
        typer.echo("no dead letters")


@dlq.command("show")
def dlq_show(letter_id: Annotated[str, typer.Argument(metavar="ID", help="As `dateline dlq list` says it.")]) -> None:
    """Show one dead letter whole: its reason, and its bytes as they came."""
    from deploy.dead_letters import dead_letters

    with kafka_reachable(_settings().kafka):
        for letter in dead_letters(_settings()):
            if letter.id == letter_id:
                typer.echo(letter.model_dump_json(indent=2, exclude={"bytes_base64"}))
                typer.echo((letter.value or b"").decode("utf-8", "backslashreplace"))
                return
    fail(f"no dead letter has the id {letter_id}; `dateline dlq list` lists them")


@dlq.command("replay")
def dlq_replay(
    letter_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every letter that is kept.")] = False,
) -> None:
    """Put dead letters back on the topics where they stood, to be tried again."""
    from deploy.dead_letters import NotReplayable, dead_letters, replay, sort_out, told
    from services.publish import NeverTaken, Publisher

    wanted = set(letter_ids or ())
    if not wanted and not everything:
        fail("say which: ids from `dateline dlq list`, or --all")
    settings = _settings()
    with kafka_reachable(_settings().kafka):
        chosen = [letter for letter in dead_letters(settings) if everything or letter.id in wanted]
        missing = wanted - {letter.id for letter in chosen}
        if missing:
            fail(f"no dead letter has the id {sorted(missing)[0]}; `dateline dlq list` lists them")
        left: list[NotReplayable] = []
        if everything:
            # Who asks for all asks for what can be had; who names one is told why it cannot.
            chosen, left = sort_out(chosen, settings.namespace)
        publisher = Publisher(settings)
        try:
            typer.echo(told(replay(chosen, publisher, settings.namespace), left))
        except (NotReplayable, NeverTaken) as error:
            fail(str(error))
        finally:
            publisher.close()


def _settings() -> Settings:
    return read_settings(Settings)
