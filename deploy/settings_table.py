"""Every setting of every service as the README shows them: `python -m deploy.settings_table`."""

import sys
from pathlib import Path

from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from deploy.local.settings import LocalSettings
from services.enrich.settings import EnrichSettings
from services.ingest.settings import IngestSettings
from services.search.settings import SearchSettings
from services.settings import Settings

READERS: dict[str, type[BaseSettings]] = {
    "every service": Settings,
    "ingest": IngestSettings,
    "enrich": EnrichSettings,
    "search": SearchSettings,
    "`make run`": LocalSettings,
}


def settings_table() -> str:
    """One row a setting, with its default and who reads it, in Markdown."""
    told: dict[str, tuple[str, str, list[str]]] = {}
    for reader, settings in READERS.items():
        for name, field in settings.model_fields.items():
            if settings is not Settings and name in Settings.model_fields:
                continue
            default = "" if field.default is PydanticUndefined else field.default
            shown = _from_here(default) if isinstance(default, Path) else str(default)
            row = told.setdefault(name, (shown, field.description or "", []))
            row[2].append(reader)
    rows = ["| setting | default | what it is | read by |", "|---|---|---|---|"]
    for name, (default, description, readers) in told.items():
        shown = f"`{default}`" if default else ""
        rows.append(f"| `DATELINE_{name.upper()}` | {shown} | {description} | {', '.join(readers)} |")
    return "\n".join(rows)


def _from_here(path: Path) -> str:
    """A path as the repository's reader writes it, wherever the repository lies."""
    root = Path(__file__).parents[1]
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


if __name__ == "__main__":
    sys.stdout.write(settings_table() + "\n")
