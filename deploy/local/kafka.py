"""Kafka as one local process: broker and controller in one (KRaft), on loopback, its data in a folder."""

import base64
import logging
import secrets
import subprocess
from collections.abc import Callable
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from deploy.listening import accepts
from deploy.local.jars import fetch_jars
from deploy.local.java import JAVA, class_path, log4j
from deploy.local.process import Child, NotReady, free_port, require_free
from deploy.local.server import Server
from schemas.topics import LARGEST_MESSAGE

READY_WITHIN = 120  # seconds; 3 s when idle, but a set-up machine may be busy with other things
# C1 alone and one collector thread: ready in half the time and with less memory than the server's own flags,
# for a broker that moves far less than it could.
JVM = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
LOG4J = log4j(server=("kafka.server.KafkaRaftServer", "info"))


def start_kafka(
    data: Path,
    port: int,
    cache: Path,
    controller_port: int | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Server:
    """Start a broker on its data, new or found again, and wait until it answers.

    Raises PortTaken, NotReady, JarUnavailable or JarChanged.
    """
    jars = fetch_jars("kafka", cache, say)

    def launch() -> Child:
        controller = controller_port or free_port()
        require_free(port, "DATELINE_KAFKA_PORT")
        require_free(controller, "DATELINE_KAFKA_CONTROLLER_PORT")
        return start_broker(data, port, controller, jars)

    return Server("kafka", f"127.0.0.1:{port}", launch(), launch)


def start_broker(data: Path, port: int, controller_port: int, jars: list[Path]) -> Child:
    """Write the broker's files, format its storage the first time, and run it until it answers."""
    home = data / "kafka"
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "server.properties"
    settings.write_text(properties(home / "data", port, controller_port))
    (home / "log4j2.properties").write_text(LOG4J)
    java: list[str | Path] = [
        JAVA,
        *JVM,
        f"-Dlog4j2.configurationFile={home / 'log4j2.properties'}",
        "-cp",
        class_path(jars),
    ]
    # Written last when storage is formatted, so a format that was cut off is done again.
    if not (home / "data" / "meta.properties").exists():
        format_storage(java, settings)
    child = Child("kafka", [*java, "kafka.Kafka", settings], data / "logs" / "kafka.log", folder=home)
    try:
        child.wait_until(lambda: serves(f"127.0.0.1:{port}"), READY_WITHIN)
    except NotReady:
        child.kill()
        raise
    return child


def format_storage(java: list[str | Path], settings: Path) -> None:
    """Give the storage its cluster id; raises NotReady with Kafka's words."""
    cluster = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
    tool = [
        "kafka.tools.StorageTool",
        "format",
        "--ignore-formatted",
        f"--cluster-id={cluster}",
        f"--config={settings}",
    ]
    run = subprocess.run([*java, *tool], capture_output=True, text=True, check=False)
    if run.returncode:
        raise NotReady(f"kafka could not format its storage beside {settings}:\n{run.stdout}{run.stderr}")


def properties(storage: Path, port: int, controller_port: int) -> str:
    """Give the broker's settings: one node, loopback only, no topic that the code did not declare."""
    settings = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": storage,
        "auto.create.topics.enable": "false",
        "message.max.bytes": LARGEST_MESSAGE,
        "replica.fetch.max.bytes": LARGEST_MESSAGE,
        # One node holds one copy of everything, its own books included.
        "default.replication.factor": 1,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 4,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "group.initial.rebalance.delay.ms": 0,
        # The cleaner takes its whole buffer at start; 128 MB by default, and our compacted topics are small.
        "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
        # A crashed broker may come back only when its old session is over; 9 s by default.
        "broker.session.timeout.ms": 5000,
        "broker.heartbeat.interval.ms": 1000,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "num.recovery.threads.per.data.dir": 2,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def serves(address: str) -> bool:
    """Say whether a broker has registered at this address and answers as one."""
    # The client gives a broker two seconds; a plain connection says "not yet" at once.
    if not accepts(address):
        return False
    # A broker that is still coming up is asked often; the client's warnings about that would be noise.
    logging.getLogger("kafka").addHandler(logging.NullHandler())
    try:
        admin = KafkaAdminClient(bootstrap_servers=address, bootstrap_timeout_ms=2000)
    except (KafkaError, OSError):
        return False
    try:
        return bool(admin.describe_cluster()["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        admin.close()
