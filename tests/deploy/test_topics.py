from dataclasses import replace

import pytest

from deploy.topics import TopicDisagrees, configs, main, require_agreement
from schemas.topics import ARTICLES, DELIVERIES, SAVED_SEARCHES


def test_a_topic_is_kept_as_long_as_it_declares() -> None:
    assert configs(ARTICLES)["retention.ms"] == str(30 * 24 * 3600 * 1000)


def test_a_compacted_topic_that_is_not_kept_for_ever_forgets_old_keys_too() -> None:
    assert configs(DELIVERIES)["cleanup.policy"] == "compact,delete"
    assert configs(DELIVERIES)["retention.ms"] == str(30 * 24 * 3600 * 1000)


def test_a_compacted_topic_is_kept_for_ever() -> None:
    assert configs(SAVED_SEARCHES)["cleanup.policy"] == "compact"
    assert configs(SAVED_SEARCHES)["retention.ms"] == "-1"


def test_a_topic_with_other_partitions_is_named_with_both_numbers() -> None:
    with pytest.raises(TopicDisagrees, match=r"t\.articles has 3 partitions, declared are 6"):
        require_agreement({"t.articles": replace(ARTICLES, partitions=6)}, {"t.articles": 3})


def test_topics_as_declared_agree() -> None:
    require_agreement({"articles": ARTICLES}, {"articles": ARTICLES.partitions})


def test_a_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DATELINE_NAMESPACE", "No Namespace")
    assert main() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "DATELINE_NAMESPACE" in line
