"""One small encoder with two heads: what each word names, and how a marked source stands to a marked target."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from services.enrich.wordpieces import SHAPES

WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
VOCABULARY, POSITIONS = 30522, 512
TAGS = ("O", *(f"{place}-{kind}" for kind in ("person", "organization", "location", "other") for place in "BI"))
STANCES = 3


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

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        rows, length, _ = states.shape
        query, key, value = (
            part.view(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in self.seen(states).split(WIDTH, dim=-1)
        )
        weights = functional.softmax(query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + bias, dim=-1)
        mixed = (weights.to(value.dtype) @ value).transpose(1, 2).reshape(rows, length, WIDTH)
        states = self.after_mixing(states + self.mixed(mixed))
        return self.after_thinking(states + self.dropout(self.outer(functional.gelu(self.inner(states)))))


class NamesAndStance(nn.Module):  # type: ignore[misc]
    """The encoder, a head that tags each piece, and one that weighs a whole row."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.kind = nn.Parameter(torch.zeros(WIDTH))
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.first = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.tags = nn.Linear(WIDTH, len(TAGS))
        self.stance = _stance_head()
        nn.init.normal_(self.shapes.weight, 0, 0.02)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        states = self.words(ids) + self.positions(places)[None] + self.kind + self.shapes(shapes)
        states = self.first(states)
        bias = (1.0 - mask[:, None, None, :].to(states.dtype)) * -1e4
        for layer in self.layers:
            states = layer(states, bias)
        return states


def marked(states: Tensor, target: Tensor, source: Tensor) -> Tensor:
    """What the stance head looks at: the whole, the target's mark, the source's mark (or the whole again)."""
    rows = torch.arange(states.shape[0], device=states.device)
    return torch.cat([states[:, 0], states[rows, target], states[rows, source]], dim=-1)


def _stance_head() -> nn.Sequential:
    return nn.Sequential(nn.Linear(3 * WIDTH, WIDTH), nn.Tanh(), nn.Dropout(0.1), nn.Linear(WIDTH, STANCES))


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
        for number in range(LAYERS):
            theirs, ours = f"encoder.layer.{number}", f"layers.{number}"
            taken[f"{ours}.seen.{end}"] = torch.cat(
                [given[f"{theirs}.attention.self.{part}.{end}"] for part in ("query", "key", "value")]
            )
            for mine, other in _SAME.items():
                taken[f"{ours}.{mine}.{end}"] = given[f"{theirs}.{other}.{end}"]
    missing = network.load_state_dict(taken, strict=False).missing_keys
    if unknown := [name for name in missing if not name.startswith(("shapes.", "tags.", "stance."))]:
        raise ValueError(f"these weights are not all-MiniLM-L6-v2's: nothing for {', '.join(unknown)}")


_SAME = {
    "mixed": "attention.output.dense",
    "after_mixing": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "after_thinking": "output.LayerNorm",
}
