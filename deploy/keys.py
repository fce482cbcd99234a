"""`dateline keys`: make a key for a reader, list them, and revoke one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from deploy.sentence import AsJson, fail, kafka_reachable
from schemas.key import Key, Scope
from services.settings import read_settings

if TYPE_CHECKING:
    from services.search.keys import Keys
    from services.search.settings import SearchSettings

keys = typer.Typer(help="Keys for readers of the API: make one, list them, revoke one.", no_args_is_help=True)

READ_WITHIN = 30.0
"""Seconds for a topic that holds a handful of keys: far more than it takes."""


@keys.command("create")
def keys_create(
    name: Annotated[str, typer.Option(help="Whose key it is, for those who read the list.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help=f"What it may do: {', '.join(get_args(Scope))}; may be given again. Without one: read."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once: what is kept of it is a hash."""
    from services.search.keys import make

    wanted: list[Scope] = [one for one in get_args(Scope) if one in (scope or ["read"])]
    if unknown := set(scope or ()) - set(wanted):
        fail(f"there is no scope {min(unknown)!r}; there are {', '.join(get_args(Scope))}")
    if not 1 <= len(name.strip()) <= 200:
        fail("a name of 1 to 200 characters is expected")
    key, shown = make(name.strip(), wanted, datetime.now(UTC))
    with _reading() as (_, settings):
        _keep(settings, key)
    if as_json:
        typer.echo(json.dumps({**key.model_dump(mode="json", exclude={"hash"}), "key": shown}))
        return
    typer.echo(f"{key.id} may {', '.join(key.scopes)}; this is the only time that its key is shown:", err=True)
    typer.echo(shown)


@keys.command("list")
def keys_list(as_json: AsJson = False) -> None:
    """List the keys, oldest first; what opens something is not among what is shown."""
    with _reading() as (known, _):
        listed = known.all()
    for key in listed:
        if as_json:
            typer.echo(key.model_dump_json(exclude={"hash"}))
        else:
            ended = f"revoked {key.revoked:%Y-%m-%d %H:%M}" if key.revoked else "in use"
            typer.echo(f"{key.id}  {key.created:%Y-%m-%d %H:%M}  {ended}  {','.join(key.scopes)}  {key.name}")
    if not listed and not as_json:
        typer.echo("none yet; `dateline keys create --help` says how")


@keys.command("revoke")
def keys_revoke(key_id: Annotated[str, typer.Argument(metavar="ID", help="As `dateline keys list` says it.")]) -> None:
    """Revoke a key: from now on it opens nothing, and what it still reads ends."""
    with _reading() as (known, settings):
        key = known.get(key_id)
        if key is None:
            fail(f"there is no key {key_id}; `dateline keys list` lists them")
        if key.revoked is not None:
            typer.echo(f"{key.id} was revoked {key.revoked:%Y-%m-%d %H:%M} already")
            return
        _keep(settings, key.model_copy(update={"revoked": datetime.now(UTC)}))
    typer.echo(f"{key.id} ({key.name}) is revoked")


@contextmanager
def _reading() -> Iterator[tuple["Keys", "SearchSettings"]]:
    """The keys as they are, with the settings to change them by."""
    from services.search.keys import Keys
    from services.search.settings import SearchSettings

    settings = read_settings(SearchSettings)
    with kafka_reachable(settings.kafka):
        known = Keys(settings)
        known.start()
        try:
            if not known.wait(READ_WITHIN):
                fail("the keys cannot be read; `dateline topics --create` makes the topics that are missing")
            yield known, settings
        finally:
            known.stop()


def _keep(settings: "SearchSettings", key: Key) -> None:
    from services.publish import NeverTaken, Publisher
    from services.search.keys import keep

    publisher = Publisher(settings)
    try:
        keep(publisher, key)
    except NeverTaken as error:
        fail(str(error))
    finally:
        publisher.close()


if __name__ == "__main__":  # in an image, which has the search and not the command
    keys()
