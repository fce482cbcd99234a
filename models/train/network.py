"""One small encoder with two heads: what each word names, and how a marked source stands to a marked target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from services.enrich.tagging import TAGS
from services.enrich.wordpieces import SHAPES

WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
VOCABULARY, POSITIONS = 30522, 512
STANCES = 3
# The first and last word of the target, then of the source.
MARKS = 4
SCALE = (WIDTH // HEADS) ** -0.5


class Layer(nn.Module):  # type: ignore[misc]
    """One transformer layer of BERT's kind (normalised after adding), its three projections fused into one."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.seen = nn.Linear(WIDTH, 3 * WIDTH)
        self.mixed = nn.Linear(WIDTH, WIDTH)
        self.after_mixing = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.after_thinking = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def read(self, states: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Words look at words; gives their new states, and the keys and values by which marks may look at them."""
        query, key, value = self.seen(states).split(WIDTH, dim=-1)
        scores = _by_head(query) @ _by_head(key).transpose(-1, -2) * SCALE
        weights = functional.softmax(scores if bias is None else scores + bias, dim=-1)
        mixed = (weights.to(value.dtype) @ _by_head(value)).transpose(1, 2).reshape(states.shape)
        return self._thought(states, mixed), key, value

    def mark(self, marks: Tensor, key: Tensor, value: Tensor, bias: Tensor, own_bias: Tensor) -> Tensor:
        """The marks of each pair look at the words, and at each other; no word and no other pair looks at them.

        marks: rows × pairs × MARKS × width; key, value: rows × length × width; bias: rows × 1 × 1 × length; own_bias:
        rows × pairs × 1 × 1 × MARKS.
        """
        rows, pairs, each, _ = marks.shape
        query, own_key, own_value = self.seen(marks).split(WIDTH, dim=-1)
        flat = _by_head(query.reshape(rows, pairs * each, WIDTH))
        at_words = flat @ _by_head(key).transpose(-1, -2) * SCALE + bias
        at_words = at_words.reshape(rows, HEADS, pairs, each, -1).transpose(1, 2)
        query, own_key, own_value = (
            part.reshape(rows, pairs, each, HEADS, WIDTH // HEADS).transpose(2, 3)
            for part in (query, own_key, own_value)
        )
        at_own = query @ own_key.transpose(-1, -2) * SCALE + own_bias
        weights = functional.softmax(torch.cat([at_words, at_own], dim=-1), dim=-1).to(value.dtype)
        of_words, of_own = weights[..., :-each], weights[..., -each:]
        of_words = of_words.transpose(1, 2).reshape(rows, HEADS, pairs * each, -1) @ _by_head(value)
        mixed = of_words.transpose(1, 2).reshape(marks.shape)
        mixed = mixed + (of_own @ own_value).transpose(2, 3).reshape(marks.shape)
        return self._thought(marks, mixed)

    def _thought(self, states: Tensor, mixed: Tensor) -> Tensor:
        states = self.after_mixing(states + self.mixed(mixed))
        return self.after_thinking(states + self.dropout(self.outer(functional.gelu(self.inner(states)))))


def _by_head(states: Tensor) -> Tensor:
    rows, length, _ = states.shape
    return states.view(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)


@dataclass(frozen=True, slots=True)
class Read:
    """What is left of reading the words: where they began, how each layer may be looked at, and how they ended."""

    embedded: Tensor
    keys: list[Tensor]
    values: list[Tensor]
    states: Tensor


class NamesAndStance(nn.Module):  # type: ignore[misc]
    """The encoder, a head that tags each word, and one that weighs each marked pair.

    A row is read once, whatever is asked of it: the marks of a pair are tokens of their own, which begin as copies of
    the words that they stand at and look at the words from beside (levitated markers; Zhong and Chen 2021).
    """

    def __init__(self, dropout: float = 0.1, layers: int = LAYERS) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.marks = nn.Parameter(torch.zeros(MARKS, WIDTH))
        self.first = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.tags = nn.Linear(WIDTH, len(TAGS))
        self.stance = nn.Sequential(
            nn.Linear(MARKS * WIDTH, WIDTH), nn.Tanh(), nn.Dropout(0.1), nn.Linear(WIDTH, STANCES)
        )
        nn.init.normal_(self.shapes.weight, 0, 0.02)
        nn.init.normal_(self.marks, 0, 0.02)

    def read(self, ids: Tensor, shapes: Tensor, mask: Tensor | None) -> Read:
        """Read rows of words; all are rows × length. Without a mask all are words."""
        places = torch.arange(ids.shape[1], device=ids.device)
        embedded = self.words(ids) + self.positions(places)[None] + self.kind + self.shapes(shapes)
        states = self.first(embedded)
        bias = None if mask is None else _bias(mask)[:, None, None, :]
        keys, values = [], []
        for layer in self.layers:
            states, key, value = layer.read(states, bias)
            keys.append(key)
            values.append(value)
        return Read(embedded, keys, values, states)

    def weigh(self, read: Read, mask: Tensor, places: Tensor) -> Tensor:
        """Weigh each asked pair; places: rows × pairs × MARKS, 0 where there is no such mark."""
        rows, pairs, each = places.shape
        at = places.reshape(rows, pairs * each, 1).expand(-1, -1, WIDTH)
        marks = read.embedded.gather(1, at).reshape(rows, pairs, each, WIDTH) + self.marks
        marks = self.first(marks)
        bias = _bias(mask)[:, None, None, :]
        own_bias = _bias(places > 0)[:, :, None, None, :]
        for layer, key, value in zip(self.layers, read.keys, read.values, strict=True):
            marks = layer.mark(marks, key, value, bias, own_bias)
        # A mark that is not there says nothing.
        marks = marks * (places > 0)[..., None].to(marks.dtype)
        return self.stance(marks.reshape(rows, pairs, each * WIDTH))


def _bias(there: Tensor) -> Tensor:
    return (1.0 - there.to(torch.float32)) * -1e4


def load_pretrained(network: NamesAndStance, weights: Path) -> None:
    """Take the encoder's weights from all-MiniLM-L6-v2; shapes and heads start anew."""
    given = load_file(weights)
    taken = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "positions.weight": given["embeddings.position_embeddings.weight"],
        "kind": given["embeddings.token_type_embeddings.weight"][0],
    }
    for end in ("weight", "bias"):
        taken[f"first.{end}"] = given[f"embeddings.LayerNorm.{end}"]
        for number in range(len(network.layers)):
            theirs, ours = f"encoder.layer.{number}", f"layers.{number}"
            taken[f"{ours}.seen.{end}"] = torch.cat(
                [given[f"{theirs}.attention.self.{part}.{end}"] for part in ("query", "key", "value")]
            )
            for mine, other in _SAME.items():
                taken[f"{ours}.{mine}.{end}"] = given[f"{theirs}.{other}.{end}"]
    missing = network.load_state_dict(taken, strict=False).missing_keys
    if unknown := [name for name in missing if not name.startswith(("shapes.", "marks", "tags.", "stance."))]:
        raise ValueError(f"these weights are not all-MiniLM-L6-v2's: nothing for {', '.join(unknown)}")


_SAME = {
    "mixed": "attention.output.dense",
    "after_mixing": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "after_thinking": "output.LayerNorm",
}
