"""Porter's stemmer for English, as Lucene has it: the published rules with their author's two later changes.

M. F. Porter, An algorithm for suffix stripping, Program 14(3), 1980. The changes: `bli` for `abli`, and `logi`;
and a word of one or two letters is left as it is. Other letters than a, e, i, o, u and y count as consonants.
"""

from itertools import pairwise

_STEP_2 = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "bli": "ble",
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
    "logi": "log",
}
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = (
    *("ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate"),
    *("iti", "ous", "ive", "ize", "al", "er", "ic", "ou"),
)


def stem(word: str) -> str:
    """The stem of a lower-case word. Letters are counted as Java counts them: one beyond U+FFFF is two of them."""
    if not word.isascii() and max(word) > "\uffff":
        return _from_units(stem(_as_units(word)))
    if len(word) <= 2:
        return word
    word = _without_plural(word)
    word = _without_past_or_ing(word)
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _replaced(word, _STEP_2)
    word = _replaced(word, _STEP_3)
    word = _without_last_suffix(word)
    return _tidied(word)


def _as_units(word: str) -> str:
    units = word.encode("utf-16-le")
    return "".join(chr(units[n] | units[n + 1] << 8) for n in range(0, len(units), 2))


def _from_units(units: str) -> str:
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _without_plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _without_past_or_ing(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        if word.endswith(suffix):
            start = word[: -len(suffix)]
            return _mended(start) if _has_vowel(start) else word
    return word


def _mended(start: str) -> str:
    """What is left without its -ed or -ing, spelled as a word again: hop(p), hop(e), size, troubl(e)."""
    if start.endswith(("at", "bl", "iz")):
        return start + "e"
    if _ends_doubled(start):
        return start if start[-1] in "lsz" else start[:-1]
    if _measure(start) == 1 and _ends_short(start):
        return start + "e"
    return start


def _replaced(word: str, suffixes: dict[str, str]) -> str:
    for length in range(min(7, len(word)), 2, -1):
        if (suffix := word[-length:]) in suffixes:
            start = word[:-length]
            return start + suffixes[suffix] if _measure(start) > 0 else word
    return word


def _without_last_suffix(word: str) -> str:
    for suffix in _STEP_4:
        if not word.endswith(suffix):
            continue
        start = word[: -len(suffix)]
        if suffix == "ion" and not start.endswith(("s", "t")):
            continue
        return start if _measure(start) > 1 else word
    return word


def _tidied(word: str) -> str:
    whole = _measure(word)
    if word.endswith("e") and (whole > 1 or (whole == 1 and not _ends_short(word[:-1]))):
        word = word[:-1]
    if word.endswith("ll") and whole > 1:
        word = word[:-1]
    return word


def _consonants(word: str) -> list[bool]:
    """For each letter, whether it is a consonant; y is one at the start and after a vowel."""
    consonants: list[bool] = []
    for letter in word:
        if letter == "y":
            consonants.append(not consonants or not consonants[-1])
        else:
            consonants.append(letter not in "aeiou")
    return consonants


def _measure(word: str) -> int:
    """How often a vowel is followed by a consonant: m in [C](VC)^m[V]."""
    consonants = _consonants(word)
    return sum(after and not before for before, after in pairwise(consonants))


def _has_vowel(word: str) -> bool:
    return not all(_consonants(word))


def _ends_doubled(word: str) -> bool:
    return len(word) >= 2 and word[-1] == word[-2] and _consonants(word)[-1]


def _ends_short(word: str) -> bool:
    """Ends consonant, vowel, consonant, the last not w, x or y: as hop and not as snow."""
    return len(word) >= 3 and _consonants(word)[-3:] == [True, False, True] and word[-1] not in "wxy"
