"""Read what the services counted of themselves."""

import re
from collections import defaultdict

import httpx

from deploy.local.plan import Plan

_SUM = re.compile(r'^dateline_step_seconds_sum\{service="([^"]+)",step="([^"]+)"\} ([0-9.e+-]+)$', re.MULTILINE)


def step_milliseconds(plan: Plan, articles: int) -> dict[str, float]:
    """Milliseconds an article that each step of each service took, over all it has done."""
    taken: dict[str, float] = defaultdict(float)
    for program in plan.programs():
        if not program.metrics_port:
            continue
        for service, step, seconds in _SUM.findall(
            httpx.get(f"http://127.0.0.1:{program.metrics_port}/metrics", timeout=5).text
        ):
            taken[f"{service}.{step}"] += float(seconds)
    return {step: round(1000 * seconds / articles, 2) for step, seconds in sorted(taken.items())}
