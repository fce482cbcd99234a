"""A host is asked one thing at a time with a pause between; other hosts need not wait for it."""

import asyncio

from services.ingest.pacing import Pacing


class Clock:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.now += seconds


def times_of_turns(urls: list[str], allowed: frozenset[str] = frozenset(), pause: float = 1.0) -> list[float]:
    clock = Clock()
    pacing = Pacing(pause, allowed, clock.sleep, clock)

    async def ask() -> list[float]:
        times = []
        for url in urls:
            async with pacing.turn(url):
                times.append(clock.now - 100.0)
        return times

    return asyncio.run(ask())


def test_two_requests_to_one_host_have_a_pause_between() -> None:
    assert times_of_turns(["https://a.example/1", "https://A.example/2", "https://a.example/3"]) == [0, 1, 2]


def test_another_host_does_not_wait() -> None:
    assert times_of_turns(["https://a.example/1", "https://b.example/1"]) == [0, 0]


def test_our_own_hosts_are_not_paced() -> None:
    assert times_of_turns(["http://127.0.0.1:8082/1"] * 3, frozenset({"127.0.0.1:8082"})) == [0, 0, 0]


def test_one_host_serves_one_request_at_a_time() -> None:
    pacing = Pacing(0)
    at_once = 0
    most = 0

    async def ask() -> None:
        nonlocal at_once, most
        async with pacing.turn("https://a.example/"):
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0)
            at_once -= 1

    async def all_of_them() -> None:
        await asyncio.gather(*(ask() for _ in range(5)))

    asyncio.run(all_of_them())
    assert most == 1


def test_a_short_silence_is_waited_for_and_a_long_one_is_told() -> None:
    clock = Clock()
    pacing = Pacing(0, sleep=clock.sleep, clock=clock)

    async def ask() -> list[float | None]:
        pacing.pause("https://a.example/", 3)
        async with pacing.turn("https://a.example/") as short:
            pass
        pacing.pause("https://a.example/", 300)
        async with pacing.turn("https://a.example/") as long:
            pass
        return [short.wait_until, long.wait_until]

    assert asyncio.run(ask()) == [None, 300]
    assert clock.now == 103
