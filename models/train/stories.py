"""Learn what following needs: how rare words are in the news, and what each likeness of two articles counts for.

    python -m models.train.stories --data DATA --tokenizer models/names_stance/tokenizer.json [--predictions FOLDER]

DATA holds `load.jsonl.gz` (for the rarity of words), `stories/allsides_lede.dev.jsonl` and
`stories/allsides_full.dev.jsonl` (for what likenesses count), and `novelty/pairs.dev.jsonl` (for what time does). With
`--predictions` it also follows each of the two sets in five folds of time, with weights learned on the other four of
both, and writes the stories into that folder, to be scored. Nothing is random.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import zstandard

from schemas.story import StoryMoment
from services.enrich.follow import LEDE
from services.enrich.likeness import Rarity, fingerprint, terms, words
from services.enrich.memory import Stories
from services.enrich.remembered import Remembered
from services.enrich.story import SCALE, Weights, story_of
from services.enrich.vector import Embedder

FEWEST_ARTICLES = 3
"""Articles that a word is found in before the table keeps it: the rest are names and misprints of one report."""

WINDOW = timedelta(days=7)

SETS = ("allsides_lede.dev", "allsides_full.dev")

DAYS = -2.5
"""Not learned: the sets' clusters are articles of one day, and a weight learned on them (-3.7) would end every story
at midnight. At -2.5 a follow-up of the next day needs 1.7 more of likeness."""

THRESHOLD = -1.0
"""With DAYS as it is, in steps of a half best on ledes; whole texts are best at -0.5, and three
outlets an event at -1.5."""

NAMES = 0.75
"""Not learned: US politics has few names that are rare. For each rare word of a name that two articles share; in 40
little stories of our own, which go on for days, BCubed F1 rises from 0.80 to 0.85 with it, and these sets do not
move."""

ABROAD = -4.0
"""Not learned: for two articles each about a country that the other does not name. Of two such in the 40 little stories
none are of one story, and two elections or quakes of one week read much alike; these sets do not move."""

FOLDS = 5
Numbers = npt.NDArray[np.float64]


def count_words(articles: Iterable[dict[str, Any]]) -> tuple[dict[int, int], int]:
    """In how many articles each word is found, and how many articles there are."""
    found: Counter[int] = Counter()
    documents = 0
    for article in articles:
        documents += 1
        found.update(set(terms(f"{article['title']}\n{article['text']}")))
    return {term: seen for term, seen in sorted(found.items()) if seen >= FEWEST_ARTICLES}, documents


def write_rarity(path: Path, frequencies: dict[int, int], documents: int) -> None:
    """Write the table as `Rarity.read` reads it."""
    numbers = [documents, *(number for pair in frequencies.items() for number in pair)]
    path.write_bytes(zstandard.compress(np.array(numbers, dtype="<u4").tobytes(), 19))


def read_articles(rows: Sequence[dict[str, Any]], rarity: Rarity, embedder: Embedder) -> list[Remembered]:
    """The articles as following sees them, before they have a story."""
    vectors = embedder.vectors([f"{row['title']}\n{row['text'][:1000]}" for row in rows])
    return [
        Remembered(
            key=row["id"],
            article=row["id"],
            order=order,
            published=(published := datetime.fromisoformat(row["published"]).replace(tzinfo=UTC).timestamp()),
            seen=published,
            moment=StoryMoment(story=row["id"], position=1, novelty=1.0),
            title=words(row["title"], "", rarity),
            words=words(row["title"], row["text"][:LEDE], rarity),
            vector=np.rint(np.array(vector, dtype=np.float32) * SCALE).astype(np.int8),
            print=fingerprint(row["text"]),
        )
        for order, (row, vector) in enumerate(zip(rows, vectors, strict=True))
    ]


def pairs_of_a_day(articles: Sequence[Remembered]) -> Iterator[tuple[int, int]]:
    """All pairs of articles of one day: what the weights are learned on."""
    by_day: dict[float, list[int]] = {}
    for place, article in enumerate(articles):
        day = by_day.setdefault(article.published, [])
        yield from ((earlier, place) for earlier in day)
        day.append(place)


def likenesses(one: Remembered, other: Remembered) -> tuple[float, float, float]:
    """Words, meaning and title."""
    return (
        one.words.cosine(other.words),
        float(one.vector.astype(np.int32) @ other.vector.astype(np.int32)) / SCALE**2,
        one.title.cosine(other.title),
    )


def logistic(features: Numbers, labels: Numbers) -> Numbers:
    """Weights of a logistic regression by Newton's method, with a little ridge; the first feature is the bias."""
    weights = np.zeros(features.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (likely - labels) + 1e-3 * weights
        bend = (features * (likely * (1 - likely))[:, None]).T @ features + 1e-3 * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def lateness(pairs: Sequence[dict[str, Any]]) -> tuple[float, float]:
    """How likely a report tells a new development by the days since the last: bias and slope of log(1 + days)."""
    told = [pair for pair in pairs if pair["label"] != "unrelated"]
    days = np.array([[1.0, math.log1p(pair["days"])] for pair in told])
    bias, slope = logistic(days, np.array([float(pair["label"] == "new_development") for pair in told]))
    return float(bias), float(slope)


def learn(features: Numbers, labels: Numbers, late: tuple[float, float]) -> Weights:
    """The weights, with the embedding and without it; `late` as `lateness` gives it."""
    with_bias = np.hstack([np.ones((len(features), 1)), features])
    full = logistic(with_bias, labels)
    without = logistic(with_bias[:, [0, 1, 3]], labels)
    numbers = [*full, DAYS, THRESHOLD, *without, NAMES, ABROAD, *late]
    return Weights(*(round(float(number), 4) for number in numbers))


def followed(articles: Sequence[Remembered], weights: Weights) -> list[str]:
    """Each article's story, in order."""
    stories = Stories(WINDOW, most=len(articles))
    found = []
    for article in articles:
        story = story_of(article, stories, weights).story or article.key
        found.append(story)
        stories.keep(replace(article, moment=StoryMoment(story=story, position=1, novelty=0.0)))
    return found


def main() -> None:
    """Build both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "stories")
    parser.add_argument("--predictions", type=Path)
    asked = parser.parse_args()
    asked.out.mkdir(exist_ok=True)

    with gzip.open(asked.data / "load.jsonl.gz", "rt", encoding="utf-8") as lines:
        frequencies, documents = count_words(json.loads(line) for line in lines)
    write_rarity(asked.out / "rarity.zst", frequencies, documents)
    print(f"rarity: {len(frequencies)} words of {documents} articles")

    rarity, embedder = Rarity.read(asked.out / "rarity.zst"), Embedder(asked.tokenizer)
    learnt = [read_set(asked.data / "stories" / f"{name}.jsonl", rarity, embedder) for name in SETS]
    late = lateness(read_rows(asked.data / "novelty" / "pairs.dev.jsonl"))
    weights = learn(*together(learnt, lambda _: True), late)
    said = {"weights": weights._asdict(), "pairs": sum(len(one.labels) for one in learnt)}
    said["same"] = int(sum(one.labels.sum() for one in learnt))
    (asked.out / "weights.json").write_text(json.dumps(said, indent=2) + "\n", "utf-8")
    print(f"weights: {said}")

    if asked.predictions:
        asked.predictions.mkdir(parents=True, exist_ok=True)
        days = sorted({article.published for one in learnt for article in one.articles})
        edges = [days[number * len(days) // FOLDS] for number in range(FOLDS)] + [math.inf]
        for name, one in zip(SETS, learnt, strict=True):
            with (asked.predictions / f"{name}.jsonl").open("w", encoding="utf-8") as out:
                for first, last in pairwise(edges):
                    fold = [article for article in one.articles if first <= article.published < last]
                    others = learn(*together(learnt, partial(_is_outside, first, last)), late)
                    for article, story in zip(fold, followed(fold, others), strict=True):
                        out.write(json.dumps({"id": article.key, "story": story}) + "\n")


def _is_outside(first: float, last: float, day: float) -> bool:
    return not first <= day < last


@dataclass(frozen=True)
class Learnt:
    """A set's articles, and its pairs of one day: their likenesses, whether they are of one story, and the day."""

    articles: list[Remembered]
    features: Numbers
    labels: Numbers
    days: Numbers


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The lines of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def read_set(path: Path, rarity: Rarity, embedder: Embedder) -> Learnt:
    """Read one set, and pair its articles."""
    rows = read_rows(path)
    articles = read_articles(rows, rarity, embedder)
    pairs = list(pairs_of_a_day(articles))
    return Learnt(
        articles,
        np.array([likenesses(articles[one], articles[other]) for one, other in pairs]),
        np.array([float(rows[one]["cluster"] == rows[other]["cluster"]) for one, other in pairs]),
        np.array([articles[other].published for _, other in pairs]),
    )


def together(learnt: Sequence[Learnt], is_taken: Callable[[float], bool]) -> tuple[Numbers, Numbers]:
    """The pairs of all sets on the days that are taken."""
    taken = [np.array([is_taken(day) for day in one.days]) for one in learnt]
    return (
        np.vstack([one.features[these] for one, these in zip(learnt, taken, strict=True)]),
        np.concatenate([one.labels[these] for one, these in zip(learnt, taken, strict=True)]),
    )


if __name__ == "__main__":
    main()
