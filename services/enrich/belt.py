"""Hand items over from what brings them one by one to what works on batches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Belt(Generic[T]):
    """A bounded queue from an agent to the thread that works on batches; a full one holds the stream back."""

    def __init__(self, most: int, within: float) -> None:
        self._queue: asyncio.Queue[T] = asyncio.Queue(maxsize=4 * most)
        self._most = most
        self._within = within

    async def put(self, item: T) -> None:
        """Hand one over, as soon as there is room."""
        await self._queue.put(item)

    async def batches(self) -> AsyncIterator[list[T]]:
        """Give what has come, as many at once as allowed; a lone item waits a moment for others."""
        while True:
            batch = [await self._queue.get()]
            if self._queue.qsize() < self._most - 1:
                await asyncio.sleep(self._within)
            while len(batch) < self._most and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            yield batch
