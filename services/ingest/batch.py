"""Extraction without servers: what `dateline extract` runs, with the same code as the watch."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from schemas.article import Outlet
from services.ingest.extract import NotAnArticle, extract
from services.ingest.identity import NotAUrl, site


def extract_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """For each line `{id, url, html}` the article's fields, under the line's own id; or `{id, error}`."""
    for line in lines:
        if not line.strip():
            continue
        id_: Any = None
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise NotAnArticle("a JSON object is expected")
            id_ = row.get("id")
            yield {**_fields(str(row.get("html", "")), str(row.get("url", ""))), "id": id_}
        except (ValueError, RecursionError) as error:
            yield {"id": id_, "error": f"{type(error).__name__}: {error}"}


def _fields(html: str, url: str) -> dict[str, Any]:
    page = extract(html, url)
    try:
        domain = site(url)
    except NotAUrl:
        domain = "unknown"
    outlet = Outlet(domain=domain, name=page.site_name or domain)
    now = datetime.now(UTC)
    article = page.article(fetched_url=url or "urn:dateline:page", outlet=outlet, seen=now)
    return {**article.model_dump(mode="json"), "published_how": page.published(now).how}
