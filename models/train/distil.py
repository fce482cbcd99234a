"""Teach a small network to answer as a large one does, for the fast profile.

    python -m models.train.distil --data DATA --teacher OUT/weights.pt --out SMALL [--layers 3]

The small network begins as every other layer of the large one. It learns from the large one's shares, on the training
files and on news that nobody has labelled (DATA/load.jsonl.gz), so that it sees more kinds of text than are labelled.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from models.train.examples import MOST_PIECES, UNTAGGED, Example, names_epoch, stance_epoch
from models.train.export import load
from models.train.fitting import fit, packed
from models.train.names_stance import answered, pretrained, stances_loss, tags_loss
from models.train.network import NamesAndStance
from models.train.renamed import Names
from services.enrich.entities import group
from services.enrich.sentences import split_sentences
from services.enrich.wordpieces import WordPieces, row_of

NAMES_EPOCHS, STANCE_EPOCHS, ARTICLES = 3, 2, 800

# How much the teacher's shares weigh beside the labels.
TEACHER = 0.7
# Shares are softened, so that the student also learns which of the unlikely answers is the likelier.
WARMTH = 2.0


def main() -> None:
    """Read the arguments, and teach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--share", type=float, default=1.0, help="the share of the batches to train on, for a trial")
    parser.add_argument("--minutes", type=float, help="end by then, the rate falling with time")
    parser.add_argument("--seed", type=int, default=17)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(1)
    teacher = load(asked.teacher).eval()
    batches = _batches(asked.data, random.Random(asked.seed))
    asked.out.mkdir(parents=True, exist_ok=True)
    fit(
        every_other(teacher, asked.layers),
        batches[: max(1, int(asked.share * len(batches)))],
        asked.out,
        asked.minutes,
        lambda student, batch: loss_of(student, teacher, batch),
    )


def every_other(teacher: NamesAndStance, layers: int) -> NamesAndStance:
    """A network of fewer layers, evenly taken from the large one, its first among them; the rest is copied."""
    student = NamesAndStance(layers=layers)
    taken = {f"layers.{number}": f"layers.{int(number * len(teacher.layers) / layers)}" for number in range(layers)}
    above = len(teacher.mark_layers) / len(student.mark_layers)
    taken |= {
        f"mark_layers.{number}": f"mark_layers.{int(number * above)}" for number in range(len(student.mark_layers))
    }
    given = teacher.state_dict()
    student.load_state_dict({name: given[_theirs(name, taken)] for name in student.state_dict()})
    return student


def _theirs(name: str, taken: Mapping[str, str]) -> str:
    layer = ".".join(name.split(".")[:2])
    return name.replace(layer, taken[layer], 1) if layer in taken else name


def _batches(data: Path, chance: random.Random) -> list[list[Example]]:
    pieces, names = WordPieces(pretrained() / "tokenizer.json"), Names.read(data / "kb")
    batches = packed(list(_unlabelled(data / "load.jsonl.gz", pieces)), chance)
    for _ in range(NAMES_EPOCHS):
        batches += packed(names_epoch(data, pieces, names, chance, noisy=False), chance)
    for _ in range(STANCE_EPOCHS):
        batches += packed(stance_epoch(data, pieces, chance), chance)
    chance.shuffle(batches)
    return batches


def _unlabelled(load: Path, pieces: WordPieces) -> Iterator[Example]:
    """Passages of the last articles, as the stream reads them; the first ones are for measuring."""
    with gzip.open(load, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in itertools.islice(lines, 8000 - ARTICLES, None)]
    for text in texts:
        for passage in group(text, split_sentences(text)):
            found = pieces.read(passage.of(text))
            last = min(len(found.ids), MOST_PIECES - 2)
            yield Example(row_of(found, 0, last), tags=(UNTAGGED,) * (last + 2))


def loss_of(student: NamesAndStance, teacher: NamesAndStance, batch: list[Example]) -> Tensor:
    """How far the student is from the teacher's shares, and from the labels where there are any."""
    with torch.no_grad():
        taught = answered(teacher, batch)
    said = answered(student, batch)
    there = _answers_there(batch)
    apart = functional.kl_div(
        functional.log_softmax(said[there] / WARMTH, dim=-1),
        functional.softmax(taught[there] / WARMTH, dim=-1),
        reduction="batchmean",
    )
    if batch[0].tags and all(tag == UNTAGGED for example in batch for tag in example.tags):
        return apart * WARMTH**2
    told = tags_loss(said, batch) if batch[0].tags else stances_loss(said, batch)
    return TEACHER * apart * WARMTH**2 + (1 - TEACHER) * told


def _answers_there(batch: list[Example]) -> Tensor:
    """Where an answer is a piece's or a pair's, and not padding."""
    lengths = torch.tensor([len(example.tags) or len(example.stances) for example in batch])
    return torch.arange(int(lengths.max()))[None, :] < lengths[:, None]


if __name__ == "__main__":
    main()
