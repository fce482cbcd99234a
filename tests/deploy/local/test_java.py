"""Both servers log alike, and each has its own say on which of its loggers speak."""

from deploy.local import elasticsearch, kafka
from deploy.local.java import LOG4J, log4j


def test_a_logger_has_its_own_level_beside_what_all_have() -> None:
    assert log4j() == LOG4J
    told = log4j(node=("org.example.Node", "info")).splitlines()
    assert told[-2:] == ["logger.node.name = org.example.Node", "logger.node.level = info"]


def test_both_servers_say_warnings_and_that_they_have_started() -> None:
    for settings, logger in (
        (kafka.LOG4J, "kafka.server.KafkaRaftServer"),
        (elasticsearch.LOG4J, "elasticsearch.node"),
    ):
        assert settings.startswith(LOG4J)
        assert logger in settings
