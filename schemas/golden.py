"""Keep the JSON Schemas under `schemas/v1` as the code has them: `python -m schemas.golden`.

A schema may only grow: the command refuses a change that an older service could not read, or whose older messages
the new one could not; such a change is version 2 of the message, beside version 1.
"""

import json
import sys
from pathlib import Path
from typing import Any

from schemas.message import Message
from schemas.topics import TOPICS
from schemas.wire import VERSION

GOLDEN = Path(__file__).parent / f"v{VERSION}"

Schema = dict[str, Any]

# What a schema says for people alone; it may change freely. A default is no such thing: it is what an older message
# without the field says.
_FOR_PEOPLE = {"title", "description", "examples"}
_NONE = object()


def schema_of(message: type[Message]) -> Schema:
    """The message's JSON Schema as it is written, that is with every default filled in."""
    return message.model_json_schema(mode="validation")


def golden_path(message: type[Message]) -> Path:
    """Where the message's golden schema is kept."""
    return GOLDEN / f"{message.__name__}.schema.json"


def written(schema: Schema) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def breaking_changes(old: Schema, new: Schema, at: str = "") -> list[str]:
    """Say each change from old to new that would part an older service from a newer one; empty if it only grew."""
    broken = []
    if not at:
        for name in sorted(set(old.get("$defs", {})) & set(new.get("$defs", {}))):
            broken += breaking_changes(old["$defs"][name], new["$defs"][name], f"{name}.")
    old_fields, new_fields = old.get("properties", {}), new.get("properties", {})
    broken += [f"{at}{name} is gone" for name in sorted(set(old_fields) - set(new_fields))]
    was, now = set(old.get("required", ())), set(new.get("required", ()))
    broken += [f"{at}{name} is required now, and older messages lack it" for name in sorted(now - was)]
    broken += [f"{at}{name} is optional now, and older readers require it" for name in sorted(was - now)]
    for name in sorted(set(old_fields) & set(new_fields)):
        was_meant, is_meant = _meaning(old_fields[name]), _meaning(new_fields[name])
        was_default, is_default = (meant.pop("default", _NONE) for meant in (was_meant, is_meant))
        if was_meant != is_meant:
            broken.append(f"{at}{name} means something else now")
        elif name not in was ^ now and not _still(was_default, is_default):
            broken.append(f"{at}{name} is {is_default!r} now where a message lacks it, and was {was_default!r}")
    return broken


def _still(was: Any, now: Any) -> bool:
    """Whether a default is what it was; one that is a message may have grown with it."""
    if isinstance(was, dict) and isinstance(now, dict):
        return all(name in now and _still(value, now[name]) for name, value in was.items())
    return bool(was == now)


def _meaning(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: _meaning(part) for name, part in schema.items() if name not in _FOR_PEOPLE}
    if isinstance(schema, list):
        return [_meaning(part) for part in schema]
    return schema


def main() -> None:
    """Write every golden schema that only grew; refuse, and say why, if one did more than that."""
    GOLDEN.mkdir(exist_ok=True)
    for topic in TOPICS:
        path, new = golden_path(topic.message), schema_of(topic.message)
        broken = breaking_changes(json.loads(path.read_text("utf-8")), new) if path.exists() else []
        if broken:
            sys.exit(f"{path.name} would break: {'; '.join(broken)}. Make it version {VERSION + 1} of the message.")
        path.write_text(written(new), "utf-8")


if __name__ == "__main__":
    main()
