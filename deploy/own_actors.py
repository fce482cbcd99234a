"""`dateline actors`: add actors of your own, whom the open lists lack, and list them."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.sentence import AsJson, fail
from services.settings import read_settings

actors = typer.Typer(help="Actors of your own: add some, list them. Enrich reads them at once.", no_args_is_help=True)


@actors.command("add")
def actors_add(
    id_: Annotated[str | None, typer.Option("--id", help="A Wikidata id, or own:some-words.")] = None,
    name: Annotated[str | None, typer.Option(help="The full name.")] = None,
    kind: Annotated[str | None, typer.Option(help="person, organization, location or other.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters: KE.")] = None,
    alias: Annotated[list[str] | None, typer.Option(help="Another name; may be given again.")] = None,
    role: Annotated[str | None, typer.Option(help="A public office, if it holds one.")] = None,
    lines: Annotated[Path | None, typer.Option("--from", help="JSON Lines of many; - for standard input.")] = None,
) -> None:
    """Add an actor by its options, or many from JSON Lines; one with the same id is replaced."""
    from services.enrich.own_actors import Unusable, add_own, lines_of, read_own, read_own_file
    from services.enrich.settings import EnrichSettings

    given: dict[str, Any] = {"id": id_, "name": name, "kind": kind, "country": country, "aliases": alias, "role": role}
    said = {field: value for field, value in given.items() if value is not None}
    if (lines is None) is (not said):
        fail("give --id, --name and --kind, or --from FILE")
    try:
        if lines is None:
            added = read_own([json.dumps(said)], "the options")
        elif str(lines) == "-":
            added = read_own(lines_of(sys.stdin.buffer.read(), "standard input"), "standard input")
        else:
            added = read_own_file(lines)
        path = read_settings(EnrichSettings).own_actors_file
        kept = add_own(path, added)
    except (Unusable, OSError) as error:
        fail(str(error))
    typer.echo(f"{len(added)} added or replaced; {path} has {len(kept)}")


@actors.command("list")
def actors_list(as_json: AsJson = False) -> None:
    """List the actors of your own."""
    from services.enrich.own_actors import Unusable, read_own_file
    from services.enrich.settings import EnrichSettings

    path = read_settings(EnrichSettings).own_actors_file
    try:
        listed = read_own_file(path) if path.exists() else []
    except (Unusable, OSError) as error:
        fail(str(error))
    for actor in listed:
        if as_json:
            typer.echo(actor.model_dump_json(exclude_defaults=True))
        else:
            also = f" ({', '.join(actor.aliases)})" if actor.aliases else ""
            typer.echo(f"{actor.id}\t{actor.kind}\t{actor.country or '-'}\t{actor.name}{also}")
    if not listed and not as_json:
        typer.echo(f"none yet in {path}; `dateline actors add --help` says how", err=True)
