from pathlib import Path

import pytest

from deploy.setup import (
    PROJECTS,
    STAMP,
    CannotSetUp,
    check_machine,
    check_python,
    identity,
    last_error,
    memory_available,
    packages,
    run,
    set_up,
)

GIB = 1024**3

LOCK = """
anyio==4.9.0 \\
    --hash=sha256:9f76d541cad6e36af7beb62e978876f3b41e3e04f2c1fbf0884604c0a9c4d93c
    # via httpx
click==8.2.1 \\
    --hash=sha256:61a3265b914e850b85317d0b3109c7f8cd35a670f963866005d6ef1d5175a12b
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text(LOCK)
    (tmp_path / "client").mkdir()
    for project in PROJECTS:
        (tmp_path / project).write_text(
            '[build-system]\nrequires = []\n[project]\nname = "x"\n[tool.ruff]\nline-length = 120\n'
        )
    return tmp_path


def test_packages_are_counted_not_their_hashes() -> None:
    assert packages(LOCK) == 2


@pytest.mark.parametrize("version", [(3, 10, 2), (3, 12, 0), (2, 7, 18)])
def test_another_python_is_refused_with_what_to_do(version: tuple[int, ...]) -> None:
    with pytest.raises(CannotSetUp, match=r"make PYTHON=/path/to/python3\.11"):
        check_python(version)


def test_the_right_python_is_taken() -> None:
    check_python((3, 11, 9))


def test_a_small_disk_is_refused_with_its_size() -> None:
    with pytest.raises(CannotSetUp, match=r"only 1\.5 GiB are free on this disk, and 3 are needed\. Free some"):
        check_machine(GIB * 3 // 2, 16 * GIB)


def test_little_memory_is_refused_with_its_size() -> None:
    with pytest.raises(CannotSetUp, match=r"only 2\.0 GiB of memory are available, and 4 are needed\. End some"):
        check_machine(100 * GIB, 2 * GIB)


def test_memory_that_the_system_does_not_tell_is_no_reason_to_refuse() -> None:
    check_machine(100 * GIB, None)


def test_available_memory_is_read() -> None:
    memory = memory_available()
    assert memory is None or memory > 0


def test_pips_own_reason_is_picked_out() -> None:
    said = (
        "Collecting x\nERROR: Could not find a version that satisfies x\nERROR: No matching distribution found for x\n"
    )
    assert last_error(said) == "No matching distribution found for x"


def test_an_unreachable_registry_is_named_as_such() -> None:
    said = (
        "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError': /simple/x/\n"
        "ERROR: No matching distribution found for x\n"
    )
    assert last_error(said).startswith("the package registry cannot be reached")


def test_a_command_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(CannotSetUp, match="It broke: because of this"):
        run(["sh", "-c", "echo first; echo because of this >&2; exit 3"], "It broke")


def test_a_set_up_that_is_there_is_left_alone(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".venv").mkdir()
    (root / ".venv" / STAMP).write_text(identity(root))
    set_up(root)
    assert capsys.readouterr().out == ""


def test_a_changed_lock_is_another_set_up(root: Path) -> None:
    before = identity(root)
    (root / "requirements.lock").write_text(LOCK.replace("8.2.1", "8.2.2"))
    assert identity(root) != before


@pytest.mark.parametrize("project", PROJECTS)
def test_another_need_of_the_project_or_its_client_is_another_set_up(root: Path, project: str) -> None:
    before = identity(root)
    (root / project).write_text((root / project).read_text().replace('name = "x"', 'name = "x"\ndependencies = ["y"]'))
    assert identity(root) != before


def test_a_tools_setting_is_no_other_set_up(root: Path) -> None:
    before = identity(root)
    (root / "pyproject.toml").write_text((root / "pyproject.toml").read_text().replace("120", "100"))
    assert identity(root) == before
