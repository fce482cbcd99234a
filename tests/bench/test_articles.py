"""What is measured with is what the file holds."""

import json
from pathlib import Path

from bench.articles import articles


def test_rows_without_a_url_are_articles_of_their_own_and_one_url_is_one_article(tmp_path: Path) -> None:
    rows = [
        {"text": "One."},
        {"text": "Two."},
        {"text": "Three.", "url": "https://a.example/3"},
        {"text": "Three again.", "url": "https://a.example/3"},
        {"text": "", "url": "https://a.example/4"},
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, rows)))
    read = list(articles(tmp_path / "news.jsonl", 100))
    assert [article.text for article in read] == ["One.", "Two.", "Three."]
    assert len({article.id for article in read}) == 3
