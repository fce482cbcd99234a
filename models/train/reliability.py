"""Draw how far a confidence can be believed: what was said against what was right, as a small SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

SIDE, EDGE = 320, 44
COLOURS = ("#1f6f8b", "#c8553d", "#6a994e", "#7b5ea7")

Tenth = tuple[float, float, int]
"""The mean confidence of those in a tenth, the share of them that was right, and how many they are."""


TENTHS = tuple(step / 10 for step in range(10))


def tenths(judged: Iterable[tuple[float, float, int]]) -> list[Tenth]:
    """What was said against what was right, by tenth of confidence.

    judged: confidence, right (1, 0, or -1 where nobody can tell), and for how many it stands.
    """
    table = np.array([each for each in judged if each[0] > 0 and each[1] >= 0], dtype=float)
    parts = []
    for low in TENTHS:
        inside = (table[:, 0] >= low) & (table[:, 0] < low + 0.1 + 1e-9 * (low == 0.9))
        if table[inside, 2].sum() > 0:
            right = np.average(table[inside, 1], weights=table[inside, 2])
            said = np.average(table[inside, 0], weights=table[inside, 2])
            parts.append((float(said), float(right), int(table[inside, 2].sum())))
    return parts


def drawn(title: str, series: Mapping[str, Sequence[Tenth]]) -> str:
    """One line a series over the diagonal on which confidence is what it says; a dot's size is the number behind it."""
    full = SIDE + 2 * EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full} {full}" font-family="sans-serif" font-size="11">',
        f'<rect width="{full}" height="{full}" fill="#fff"/>',
        f'<text x="{EDGE}" y="{EDGE / 2:.0f}" font-size="13">{title}</text>',
        f'<path d="M{EDGE} {EDGE + SIDE}L{EDGE + SIDE} {EDGE}" stroke="#bbb" stroke-dasharray="4 4"/>',
        f'<path d="M{EDGE} {EDGE}V{EDGE + SIDE}H{EDGE + SIDE}" stroke="#444" fill="none"/>',
        *(_tick(tenth / 5) for tenth in range(6)),
        f'<text x="{EDGE + SIDE / 2:.0f}" y="{full - 6}" text-anchor="middle">confidence</text>',
        f'<text x="12" y="{EDGE + SIDE / 2:.0f}" transform="rotate(-90 12 {EDGE + SIDE / 2:.0f})" '
        'text-anchor="middle">share right</text>',
    ]
    for index, (name, tenths) in enumerate(series.items()):
        colour = COLOURS[index % len(COLOURS)]
        points = [(*_at(said, right), count) for said, right, count in tenths]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in points)
        parts.append(f'<path d="M{path}" stroke="{colour}" fill="none" stroke-width="1.5"/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{min(9.0, 2 + count**0.5 / 8):.1f}" fill="{colour}"/>'
            for x, y, count in points
        ]
        y = EDGE + 16 * (index + 1)
        parts.append(f'<text x="{EDGE + 10}" y="{y}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _at(said: float, right: float) -> tuple[float, float]:
    return EDGE + SIDE * said, EDGE + SIDE * (1 - right)


def _tick(value: float) -> str:
    x, y = _at(value, value)
    return (
        f'<text x="{x:.0f}" y="{EDGE + SIDE + 14}" text-anchor="middle">{value:.1f}</text>'
        f'<text x="{EDGE - 6}" y="{y + 4:.0f}" text-anchor="end">{value:.1f}</text>'
    )
