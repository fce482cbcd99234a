"""What is handed over comes out in order, in batches, and a full belt holds back whoever brings more."""

from __future__ import annotations

import asyncio

from services.enrich.belt import Belt


def test_what_has_come_goes_on_together_and_in_order() -> None:
    async def work() -> list[list[int]]:
        belt: Belt[int] = Belt(most=2, within=0)
        for item in range(5):
            await belt.put(item)
        batches = belt.batches()
        return [await anext(batches) for _ in range(3)]

    assert asyncio.run(work()) == [[0, 1], [2, 3], [4]]


def test_a_full_belt_holds_back_whoever_brings_more() -> None:
    async def work() -> tuple[bool, list[int], bool]:
        belt: Belt[int] = Belt(most=1, within=0)
        for item in range(4):
            await belt.put(item)
        fifth = asyncio.ensure_future(belt.put(4))
        await asyncio.wait([fifth], timeout=0.01)
        waited = not fifth.done()
        batch = await anext(belt.batches())
        await asyncio.wait([fifth], timeout=1)
        return waited, batch, fifth.done()

    assert asyncio.run(work()) == (True, [0], True)
