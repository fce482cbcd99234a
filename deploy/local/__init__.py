"""Kafka and Elasticsearch on one machine, from the registries' jars: no Docker, no system Java, no Maven."""
