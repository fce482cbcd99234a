"""The servers' jars: fetched once through jgo, and each held to its SHA-256.

Versions are resolved only when the list is made anew (`python -m deploy.local.jars`, or `make lock`), and the answer is
committed in jars.lock; after that a jar is fetched by its exact coordinate, so that no set-up resolves to another.
jgo writes straight to where a jar belongs, so each is fetched into a staging folder and moved when its hash is right:
a download that was cut off leaves nothing that could be taken for a jar.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jgo.maven import MavenContext, PythonResolver

from deploy.local.trouble import CannotStart

LOCK = Path(__file__).with_name("jars.lock")

# Each group is resolved by itself: log4j's own version table would otherwise pull kafka-clients down to 3.8.
# elasticsearch 9.2.2 is the newest whose transport-netty4 is published as a jar.
WANTED: dict[str, tuple[str, ...]] = {
    "kafka": ("org.apache.kafka:kafka_2.13:4.1.0", "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3"),
    "elasticsearch": ("org.elasticsearch:elasticsearch:9.2.2+org.elasticsearch.plugin:transport-netty4:9.2.2",),
    "ecj": ("org.eclipse.jdt:ecj:3.43.0",),
}

AT_ONCE = 6  # connections to one registry: more gained nothing when measured
TRIES = 3
SECONDS_A_READ = 60


class JarUnavailable(CannotStart):
    """A jar could not be had from the registry; what had come is kept, so the same command goes on from there."""


class JarChanged(CannotStart):
    """The registry gives a jar that is not the one we locked, even when asked again."""


@dataclass(frozen=True)
class Jar:
    """One locked jar: group, artifact and version, and the SHA-256 it must have."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def name(self) -> str:
        """Its file name."""
        return f"{self.artifact}-{self.version}.jar"

    def path(self, folder: Path) -> Path:
        """Where it lies under a folder laid out as Maven lays out its own."""
        return folder.joinpath(*self.group.split("."), self.artifact, self.version, self.name)


def fetch_jars(server: str, cache: Path, say: Callable[[str], None] = lambda line: None) -> list[Path]:
    """Give the paths of a server's jars, fetching those that are missing or damaged.

    Raises JarUnavailable or JarChanged.
    """
    wanted = locked(LOCK.read_text())[server]
    folder = cache / "jars"
    missing = [jar for jar in wanted if not is_whole(jar, folder)]
    if missing:
        with alone(folder):
            # Another process may have fetched them while this one waited for its turn.
            missing = [jar for jar in missing if not is_whole(jar, folder)]
            fetch_missing(server, missing, folder, say)
    return [jar.path(folder) for jar in wanted]


def locked(text: str) -> dict[str, list[Jar]]:
    """Read the lock file: one line a jar, `server group:artifact:version sha256`."""
    jars: dict[str, list[Jar]] = {}
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        server, coordinate, sha256 = line.split()
        group, artifact, version = coordinate.split(":")
        jars.setdefault(server, []).append(Jar(group, artifact, version, sha256))
    return jars


def is_whole(jar: Jar, folder: Path) -> bool:
    """Say whether the jar is there with the bytes it was locked with."""
    path = jar.path(folder)
    return path.exists() and sha256_of(path) == jar.sha256


def sha256_of(path: Path) -> str:
    """Hash a file without holding it in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for one process at a time; the kernel lets go of it if that process is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left_behind in folder.glob(".coming-*"):
            shutil.rmtree(left_behind)
        yield


def fetch_missing(server: str, missing: list[Jar], folder: Path, say: Callable[[str], None]) -> None:
    """Fetch several jars side by side, saying how far it is."""
    started = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(lambda jar: fetch_one(jar, folder), missing), start=1):
            if done == len(missing) or done % 10 == 0:
                say(f"{server}: {done} of {len(missing)} jars fetched, {time.monotonic() - started:.0f} s")


def fetch_one(jar: Jar, folder: Path) -> None:
    """Fetch one jar into a staging folder, check it, and move it where it belongs."""
    problem: Exception | None = None
    for attempt in range(TRIES):
        time.sleep(2**attempt - 1)
        staging = Path(tempfile.mkdtemp(prefix=".coming-", dir=folder))
        try:
            come = artifact_of(jar, staging).resolve()
            if sha256_of(come) != jar.sha256:
                problem = JarChanged(
                    f"{jar.name} came with another SHA-256 than deploy/local/jars.lock has. "
                    "Something between here and the registry changes it, or the lock file is wrong: do not run it."
                )
                continue
            jar.path(folder).parent.mkdir(parents=True, exist_ok=True)
            os.replace(come, jar.path(folder))
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors; jgo's "not found" is a RuntimeError
            problem = JarUnavailable(
                f"{jar.name} could not be fetched from Maven Central ({type(error).__name__}). "
                "Check the network, then run the same command again: what has come is kept."
            )
        else:
            return
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    assert problem is not None
    raise problem


def artifact_of(jar: Jar, staging: Path):  # type: ignore[no-untyped-def]  # jgo has no types
    """Name one jar to jgo, with a staging folder as its repository, so that nothing is read from or left in ~/.m2."""
    context = MavenContext(repo_cache=staging, resolver=PythonResolver(), timeout=SECONDS_A_READ)
    return context.project(jar.group, jar.artifact).at_version(jar.version).artifact()


def resolve_all(folder: Path) -> Iterator[str]:
    """Resolve what is wanted to exact jars and give the lock file's lines."""
    context = MavenContext(repo_cache=folder, resolver=PythonResolver(), timeout=SECONDS_A_READ)
    yield "# Made by `make lock` from deploy/local/jars.py: server, jar, SHA-256."
    for server, groups in WANTED.items():
        artifacts = [artifact for group in groups for artifact in resolve_group(context, group.split("+"))]
        chosen = {(artifact.groupId, artifact.artifactId): artifact for artifact in reversed(artifacts)}
        for (group_id, artifact_id), artifact in sorted(chosen.items()):
            sha256 = sha256_of(artifact.resolve())
            yield f"{server} {group_id}:{artifact_id}:{artifact.version} {sha256}"


def resolve_group(context: MavenContext, endpoints: Iterable[str]) -> list:  # type: ignore[type-arg]
    """Give the artifacts that running these endpoints takes, themselves first."""
    asked = [context.create_dependency(endpoint) for endpoint in endpoints]
    inputs, others = context.resolver.resolve(asked)
    return [dependency.artifact for dependency in [*inputs, *others]]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as fresh:
        LOCK.write_text("\n".join(resolve_all(Path(fresh))) + "\n")
    print(f"wrote {sum(len(jars) for jars in locked(LOCK.read_text()).values())} jars to {LOCK}")
