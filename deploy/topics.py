"""Make the river's topics on a broker, as schemas/topics.py declares them."""

import sys
from collections.abc import Sequence

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import TopicAlreadyExistsError

from schemas.topics import LARGEST_MESSAGE, TOPICS, Topic
from services.settings import Settings, WrongSetting, read_settings

UNKNOWN_TOPIC = 3  # Kafka's error code for a topic that is not there


class TopicDisagrees(RuntimeError):
    """A topic is there with other partitions than declared, and changing them would send keys elsewhere."""


def create_topics(kafka: str, namespace: str, topics: Sequence[Topic] = TOPICS) -> list[str]:
    """Create the topics that are missing, bring the others' retention up to date, and give the new ones' names.

    Raises TopicDisagrees, and kafka.errors.KafkaError when the broker cannot be reached.
    """
    declared = {topic.named(namespace): topic for topic in topics}
    admin = KafkaAdminClient(bootstrap_servers=kafka.split(","), client_id="dateline-topics")
    try:
        found = {
            described["name"]: len(described["partitions"])
            for described in admin.describe_topics(list(declared))
            if described["error_code"] != UNKNOWN_TOPIC
        }
        require_agreement(declared, found)
        missing = [name for name in declared if name not in found]
        if missing:
            create_missing(admin, {name: declared[name] for name in missing})
        if found:
            admin.alter_configs(
                [ConfigResource(ConfigResourceType.TOPIC, name, configs(declared[name])) for name in found]
            )
        admin.wait_for_topics(list(declared))
        return missing
    finally:
        admin.close()


def require_agreement(declared: dict[str, Topic], found: dict[str, int]) -> None:
    """Raise TopicDisagrees, naming each topic whose partitions are not the declared ones."""
    wrong = [
        f"{name} has {partitions} partitions, declared are {declared[name].partitions}"
        for name, partitions in found.items()
        if partitions != declared[name].partitions
    ]
    if wrong:
        raise TopicDisagrees(
            f"{'; '.join(wrong)}. A message's partition follows from its key, so moving to another number takes "
            "a new topic: use another DATELINE_NAMESPACE, or delete the topic if its messages can be lost."
        )


def create_missing(admin: KafkaAdminClient, topics: dict[str, Topic]) -> None:
    """Create topics, content if another process did it in the meantime."""
    for name, topic in topics.items():
        # -1 leaves the number of copies to the broker: one on a laptop, three in a cluster.
        new = NewTopic(name, topic.partitions, -1, topic_configs=configs(topic))
        try:
            admin.create_topics([new])
        except TopicAlreadyExistsError:
            continue


def configs(topic: Topic) -> dict[str, str]:
    """Give a topic's settings in Kafka's words."""
    retention = -1 if topic.retention is None else int(topic.retention.total_seconds() * 1000)
    policies = ("compact" if topic.compacted else "", "delete" if topic.retention is not None else "")
    return {
        "cleanup.policy": ",".join(filter(None, policies)),
        "retention.ms": str(retention),
        "max.message.bytes": str(LARGEST_MESSAGE),
    }


def main() -> int:
    """Create what is missing, say what that was, and give the exit code: 2 and one sentence for a wrong setting."""
    try:
        settings = read_settings(Settings)
    except WrongSetting as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(create_topics(settings.kafka, settings.namespace)) or "every topic is there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
