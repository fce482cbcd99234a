"""Read the indices for the API: the one place where it meets Elasticsearch."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError, TransportError

from services.search.api.problems import Problem, away
from services.search.mapping import ARTICLES, SHELVES, STORIES, Shelf
from services.search.settings import SearchSettings
from services.telemetry import get_log, timed

log = get_log("api")

LONGEST_WAIT = 10.0
"""Seconds a reader waits for the index at most; `elasticsearch_timeout` is the indexer's, who has more time."""


class Expired(Exception):
    """The point in time that a cursor reads at is no longer kept."""


class Archive:
    """All that is searchable; each failure comes out as the problem that the reader is told of."""

    def __init__(self, settings: SearchSettings) -> None:
        self._client = AsyncElasticsearch(
            settings.elasticsearch, request_timeout=LONGEST_WAIT, max_retries=0, retry_on_timeout=False
        )
        self._namespace = settings.namespace
        self._keep = f"{settings.cursor_minutes}m"

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def open_point(self, shelf: Shelf = ARTICLES) -> str:
        """A point in time of an index: what is indexed later is not there. Close it, or it lasts `cursor_minutes`."""
        try:
            alias = shelf.alias(self._namespace)
            return str((await self._client.open_point_in_time(index=alias, keep_alive=self._keep))["id"])
        except (ApiError, TransportError) as error:
            raise _problem(error) from error

    async def close_point(self, point: str) -> None:
        """Free what a point in time keeps; one that cannot be closed now goes by itself later."""
        try:
            await self._client.close_point_in_time(id=point)
        except (ApiError, TransportError) as error:
            log.warning("point in time left open", reason=repr(error)[:200])

    async def find_at(self, point: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Search at a point in time, and keep it for longer. Raises `Expired`."""
        return await self._search({**body, "pit": {"id": point, "keep_alive": self._keep}})

    async def find(self, body: Mapping[str, Any], shelf: Shelf = ARTICLES) -> Mapping[str, Any]:
        """Search an index as it is now."""
        return await self._search(body, index=shelf.alias(self._namespace))

    async def get(self, article: str) -> Mapping[str, Any] | None:
        """One article's document, or none."""
        try:
            alias = ARTICLES.alias(self._namespace)
            return dict((await self._client.get(index=alias, id=article, source_excludes=["vector"]))["_source"])
        except NotFoundError as error:
            if error.body.get("found") is False:
                return None
            raise _problem(error) from error
        except (ApiError, TransportError) as error:
            raise _problem(error) from error

    async def stories(self, ids: Iterable[str], fields: Sequence[str] | None = None) -> dict[str, Mapping[str, Any]]:
        """The documents of these stories that there are, by id, or these fields of them: as they were last written,
        searchable yet or not.
        """
        try:
            alias = STORIES.alias(self._namespace)
            found = await self._client.mget(index=alias, ids=list(ids), source_includes=fields)
        except (ApiError, TransportError) as error:
            raise _problem(error) from error
        if any("error" in one for one in found["docs"]):
            log.warning("elasticsearch cannot look up stories", reason=str(found["docs"])[:300])
            raise away("the index of stories")
        return {one["_id"]: one["_source"] for one in found["docs"] if one["found"]}

    async def why_not_ready(self) -> str | None:
        """What keeps articles from being found, in words; none when nothing does."""
        aliases = [shelf.alias(self._namespace) for shelf in SHELVES]
        try:
            await self._client.options(request_timeout=2.0).search(index=aliases, size=0, track_total_hits=False)
        except NotFoundError:
            return f"elasticsearch lacks one of the indices {', '.join(aliases)}; the indexer makes them when it starts"
        except ApiError as error:
            return f"elasticsearch answers {error.status_code}: {error.error}"
        except TransportError as error:
            return f"elasticsearch cannot be reached: {type(error).__name__}"
        return None

    async def _search(self, body: Mapping[str, Any], **where: Any) -> Mapping[str, Any]:
        try:
            # Without the parameter a failing shard would make the answer smaller, in silence.
            with timed("api", "search"):
                found = await self._client.search(**where, **body, allow_partial_search_results=False)
        except (ApiError, TransportError) as error:
            raise _problem(error) from error
        answer: Mapping[str, Any] = found.body
        return answer


def _problem(error: ApiError | TransportError) -> Exception:
    if isinstance(error, ApiError):
        if "search_context_missing" in str(error.body):
            return Expired()
        if error.status_code == HTTPStatus.BAD_REQUEST:
            log.warning("elasticsearch refuses a query", reason=str(error.body)[:1000])
            return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "this question asks too much at once; ask for less")
    log.warning("elasticsearch away", reason=repr(error)[:300])
    return away("the index")
