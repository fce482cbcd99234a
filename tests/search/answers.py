"""What the index answers when it is asked to sum up stances."""

from typing import Any


def sums(polarities: list[float]) -> tuple[int, float, float]:
    """Their number, sum and sum of squares."""
    return len(polarities), sum(polarities), sum(polarity * polarity for polarity in polarities)


def answer(polarities: list[float], quoted: int = 0) -> dict[str, Any]:
    """What the index says of these stances, each of an article of its own."""
    count, total, squares = sums(polarities)
    polarity = {"count": count, "sum": total, "sum_of_squares": squares if count else None}
    return {"polarity": polarity, "quoted": {"doc_count": quoted}, "articles": {"doc_count": count}}
