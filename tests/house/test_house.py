"""The house keeps its own rules: what the documents say is what the code has."""

import re
import subprocess
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from deploy.settings_table import READERS, settings_table
from services import VERSION

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for folder in ("schemas", "services", "deploy", "models", "client") for path in (ROOT / folder).rglob("*.py")
)
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}


def test_the_readmes_settings_are_the_codes() -> None:
    assert settings_table() in (ROOT / "README.md").read_text("utf-8"), "run `python -m deploy.settings_table`"


@pytest.mark.parametrize("settings", READERS.values())
def test_every_setting_says_what_it_is(settings: type[BaseSettings]) -> None:
    assert [name for name, field in settings.model_fields.items() if not field.description] == []


def test_the_architecture_names_every_module_once() -> None:
    told = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for path in SOURCES:
        if path.name == "__init__.py":
            continue
        module = str(path.relative_to(ROOT))
        assert len(re.findall(rf"`{re.escape(module)}`", told)) == 1, f"{module} is not named exactly once"


def test_the_architecture_names_no_module_that_is_gone() -> None:
    told = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for module in re.findall(r"`((?:schemas|services|deploy|models|client)/[\w/]+\.py)`", told):
        assert (ROOT / module).exists(), module


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_and_stays_readable(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.lstrip().startswith(('"""', "#!")), "begins with its docstring"
    assert path.stem not in MEANINGLESS
    assert text.count("\n") <= 320, "still one noun?"


def test_no_file_of_the_repository_is_too_large() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        path = ROOT / name
        assert not path.exists() or path.stat().st_size < 30 * 1024 * 1024, name


def test_each_service_can_be_imported_without_the_others() -> None:
    for service in ("ingest", "enrich", "search"):
        import_module(f"services.{service}.settings")


def test_the_package_has_the_version_that_the_services_say() -> None:
    assert version("dateline") == VERSION


def test_no_service_asks_for_an_installed_package_of_ours() -> None:
    # An image holds the files alone: the question would end the process there.
    asking = [path for path in SOURCES if "services" in path.parts and "importlib.metadata" in path.read_text("utf-8")]
    assert asking == []


def test_the_guarantees_are_defined_and_held_by_tests_that_are_there() -> None:
    told = (ROOT / "docs" / "guarantees.md").read_text("utf-8")
    defined = re.findall(r"^\| (G\d+) \|", told, re.MULTILINE)
    assert defined == [f"G{number}" for number in range(1, len(defined) + 1)]
    for path in (ROOT / "tests" / "flow").glob("*.py"):
        assert set(re.findall(r"\bG\d+\b", path.read_text("utf-8"))) <= set(defined), path.name
    for name in re.findall(r"`(tests/[\w/]+\.py)`", told):
        assert (ROOT / name).exists(), name
