"""One small encoder with two heads: what each word names, and how a marked source stands to a marked target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from services.enrich.marks import MARKS
from services.enrich.tagging import TAGS
from services.enrich.wordpieces import CLS, NO_SHAPE, SHAPES

WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
VOCABULARY, POSITIONS = 30522, 512
STANCES = 3
SCALE = (WIDTH // HEADS) ** -0.5

Seen = tuple[Tensor, Tensor]
"""The key and the value by which a layer's states are looked at."""


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

    def read(self, states: Tensor, sink: Seen, bias: Tensor | None) -> tuple[Tensor, Seen]:
        """Words look at the sink and at words; gives their new states, and by what marks may look at all of these.

        states: rows × words × width; sink: 1 × 1 × width each; bias: rows × 1 × 1 × (1 + words).
        """
        query, *own = self.seen(states).split(WIDTH, dim=-1)
        key, value = (
            torch.cat([first.expand(len(states), -1, -1), rest], 1) for first, rest in zip(sink, own, strict=True)
        )
        return self._thought(states, attend(query, key, value, bias)), (key, value)

    def alone(self, state: Tensor) -> tuple[Tensor, Seen]:
        """One piece that looks at itself alone, and so sees its own value."""
        _, key, value = self.seen(state).split(WIDTH, dim=-1)
        return self._thought(state, value), (key, value)

    def mark(self, marks: Tensor, words: Seen, bias: Tensor) -> Tensor:
        """Marks look at words and at the marks of their own pair; no word looks at them.

        marks: rows × marks × width; words: rows × length × width each; bias: rows × 1 × marks × (length + marks).
        """
        query, *own = self.seen(marks).split(WIDTH, dim=-1)
        key, value = (torch.cat(parts, 1) for parts in zip(words, own, strict=True))
        return self._thought(marks, attend(query, key, value, bias))

    def _thought(self, states: Tensor, mixed: Tensor) -> Tensor:
        states = self.after_mixing(states + self.mixed(mixed))
        return self.after_thinking(states + self.dropout(self.outer(functional.gelu(self.inner(states)))))


def attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None) -> Tensor:
    """Let queries look at keys, by head."""
    scores = _by_head(query) @ _by_head(key).transpose(-1, -2) * SCALE
    weights = functional.softmax(scores if bias is None else scores + bias, dim=-1).to(value.dtype)
    return (weights @ _by_head(value)).transpose(1, 2).reshape(query.shape)


def _by_head(states: Tensor) -> Tensor:
    rows, length, _ = states.shape
    return states.view(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)


@dataclass(frozen=True, slots=True)
class Read:
    """What is left of reading the words."""

    begun: Tensor
    """The states in which marks begin."""
    seen: list[Seen]
    """How each layer from there on may be looked at."""
    states: Tensor
    """How the words ended: all but a row's first piece, which is the same in every row."""


class NamesAndStance(nn.Module):  # type: ignore[misc]
    """The encoder, a head that tags each word, and one that weighs each marked pair.

    A row is read once, whatever is asked of it: the marks of a pair are tokens of their own, which begin in mid-height
    as copies of the words that they stand at, and look at the words from beside (levitated markers; Zhong and Chen
    2021). The layers that they go through are their own.

    A row's first piece looks at itself alone, so that it is the same in every row: the pretrained encoder rests its
    attention there, in numbers ten times as large as all others, which would leave the words few of int8's steps.
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
        self.height = layers // 2
        self.mark_layers = nn.ModuleList(Layer(dropout) for _ in range(layers - self.height))
        self.tags = nn.Linear(WIDTH, len(TAGS))
        self.stance = nn.Sequential(
            nn.Linear(MARKS * WIDTH, WIDTH), nn.Tanh(), nn.Dropout(0.1), nn.Linear(WIDTH, STANCES)
        )
        nn.init.normal_(self.shapes.weight, 0, 0.02)
        nn.init.normal_(self.marks, 0, 0.02)

    def read(self, ids: Tensor, shapes: Tensor, mask: Tensor | None, sinks: list[Seen] | None = None) -> Read:
        """Read rows of words; all are rows × length. Without a mask all are words."""
        places = torch.arange(ids.shape[1], device=ids.device)
        embedded = self.words(ids) + self.positions(places)[None] + self.kind + self.shapes(shapes)
        states = self.first(embedded[:, 1:])
        bias = None if mask is None else _bias(mask)[:, None, None, :]
        seen, entered = [], []
        for layer, sink in zip(self.layers, sinks or self.sinks(), strict=True):
            entered.append(states)
            states, looked_at = layer.read(states, sink, bias)
            seen.append(looked_at)
        return Read(_with_first(entered[self.height]), seen[self.height :], states)

    def sinks(self) -> list[Seen]:
        """What words see of a row's first piece, in each layer."""
        first = torch.tensor([[CLS]]), torch.tensor([[NO_SHAPE]])
        state = self.first(self.words(first[0]) + self.positions.weight[:1] + self.kind + self.shapes(first[1]))
        seen = []
        for layer in self.layers:
            state, looked_at = layer.alone(state)
            seen.append(looked_at)
        return seen

    def tag(self, read: Read) -> Tensor:
        """Each piece's tags, rows × length × TAGS; the first piece has none."""
        return _with_first(self.tags(read.states))

    def weigh(self, read: Read, mask: Tensor, at: Tensor, roles: Tensor, pairs: Tensor, marks_of: Tensor) -> Tensor:
        """Weigh each asked pair: rows × pairs × STANCES; the rest is as `marks.Laid` has it."""
        marks = read.begun.gather(1, at[..., None].expand(-1, -1, WIDTH)) + self.marks[roles]
        together = _bias(pairs[:, :, None] == pairs[:, None, :])
        words = _bias(mask)[:, None, :].expand(-1, at.shape[1], -1)
        bias = torch.cat([words, together], -1)[:, None]
        for layer, seen in zip(self.mark_layers, read.seen, strict=True):
            marks = layer.mark(marks, seen, bias)
        # A mark that is not there says nothing.
        marks = functional.pad(marks, (0, 0, 0, 1))
        rows, asked, each = marks_of.shape
        of_pairs = marks.gather(1, marks_of.reshape(rows, asked * each, 1).expand(-1, -1, WIDTH))
        return self.stance(of_pairs.reshape(rows, asked, each * WIDTH))


def _with_first(states: Tensor) -> Tensor:
    """Room for a row's first piece, which has nothing of its own."""
    return functional.pad(states, (0, 0, 1, 0))


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
            theirs, above = f"encoder.layer.{number}", number - network.height
            for ours in (f"layers.{number}", *([f"mark_layers.{above}"] if above >= 0 else [])):
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
