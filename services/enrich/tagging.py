"""Read names off a tagger's shares: the likeliest whole names, and what kind of thing each names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.enrich.wordpieces import Pieces

Floats = NDArray[np.float32]

KINDS = ("person", "organization", "location", "other")
# A name's first, middle and last word, and one that is a name alone.
TAGS = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BIES"))
OUTSIDE = 0
BEGINS, GOES_ON, ENDS, ALONE = range(4)

# A word that is this surely outside splits the search for names; nearly all words are.
SURELY_OUTSIDE = 0.98
LEAST, NEVER = 1e-9, -1e9


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Words that name something: `text[start:end]` of the text that was tagged."""

    start: int
    end: int
    kind: str
    confidence: float


def names_in(pieces: Pieces, shares: Floats) -> list[TaggedSpan]:
    """Join words into names. A word is tagged by its first piece; the kind is what its words together say most."""
    begins = [at for at in range(len(pieces.ids)) if at == 0 or pieces.words[at] != pieces.words[at - 1]]
    of_words = shares[begins]
    logs = np.log(np.maximum(of_words, LEAST))
    found: list[TaggedSpan] = []
    for first, last in _doubtful(of_words[:, OUTSIDE]):
        for start, end in named(logs[first:last]):
            word, after = first + start, first + end
            said = of_words[word:after, 1:].reshape(after - word, len(KINDS), 4).sum(axis=-1).mean(axis=0)
            ends_before = begins[after] if after < len(begins) else len(pieces.ids)
            found.append(
                TaggedSpan(
                    start=pieces.spans[begins[word]][0],
                    end=pieces.spans[ends_before - 1][1],
                    kind=KINDS[int(said.argmax())],
                    confidence=round(float(said.max()), 4),
                )
            )
    return found


def _doubtful(outside: Floats) -> list[tuple[int, int]]:
    """The runs of words that may be in a name: first, and one past the last."""
    doubted = np.flatnonzero(outside < SURELY_OUTSIDE).tolist()
    runs: list[tuple[int, int]] = []
    for word in doubted:
        if runs and runs[-1][1] == word:
            runs[-1] = runs[-1][0], word + 1
        else:
            runs.append((word, word + 1))
    return runs


def named(logs: Floats) -> list[tuple[int, int]]:
    """The likeliest names in a run of words, from each word's log shares (words × TAGS): first word, one past the last.

    Only whole names are likely: one begins, goes on and ends in one kind. Mostly each word's likeliest tag makes whole
    names with its neighbours', and so none likelier exist; only otherwise are they searched for.
    """
    plain = plainly_read(logs.argmax(axis=1).tolist())
    return searched(logs) if plain is None else plain


def plainly_read(tags: Sequence[int]) -> list[tuple[int, int]] | None:
    """The names that the words' tags make, or None where they do not make whole ones."""
    found: list[tuple[int, int]] = []
    start, opened = 0, None
    for word, tag in enumerate(tags):
        kind, place = divmod(tag - 1, 4) if tag != OUTSIDE else (None, ALONE)
        inside = place in (GOES_ON, ENDS)
        if (kind != opened) if inside else (opened is not None):
            return None
        start = start if inside else word
        opened = kind if place in (BEGINS, GOES_ON) else None
        if tag != OUTSIDE and place in (ENDS, ALONE):
            found.append((start, word + 1))
    return None if opened is not None else found


def searched(logs: Floats) -> list[tuple[int, int]]:
    """The same by Viterbi's search."""
    # What the best reading up to here costs when it stands outside a name, and when one of each kind is open.
    outside, opened = 0.0, [NEVER] * len(KINDS)
    back: list[tuple[int, list[bool]]] = []
    for word in logs.tolist():
        begins, goes_on, ends, alone = (word[1 + place :: 4] for place in range(4))
        ways = [outside + word[OUTSIDE]]
        ways += [outside + share for share in alone]
        ways += [score + share for score, share in zip(opened, ends, strict=True)]
        carried = [score + share for score, share in zip(opened, goes_on, strict=True)]
        begun = [outside + share for share in begins]
        best = max(range(len(ways)), key=ways.__getitem__)
        back.append((best, [a >= b for a, b in zip(carried, begun, strict=True)]))
        outside, opened = ways[best], [max(a, b) for a, b in zip(carried, begun, strict=True)]
    return _walked(back)


def _walked(back: list[tuple[int, list[bool]]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    word = len(back) - 1
    while word >= 0:
        best = back[word][0]
        if best > len(KINDS):
            kind, after = best - 1 - len(KINDS), word + 1
            word -= 1
            while back[word][1][kind]:
                word -= 1
            found.append((word, after))
        elif best > 0:
            found.append((word, word + 1))
        word -= 1
    return found[::-1]
