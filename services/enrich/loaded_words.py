"""Find loaded words: those by which a writer judges whom he tells of, or calls what was done a wrong."""

from __future__ import annotations

import re

# By their beginnings where a star stands. What only says that something bad befell somebody (arrested, accused, fired,
# died) is news, and is not here; nor is what is said of a weak economy or a poor harvest.
_LOADED = """
absurd* abus* alarming arrogan* awful baseless betray* bigot* bizarre blunder* bogus brutal* bullied bullies bully*
catastroph* clueless controversial corrupt* coward* creepy crime* crook* crude* cruel* dangerous* debacle deceiv*
decept* deplorab* desperate* despicab* despot* dictator* disappoint* disaster* discredit* disgrac* disgust* dishonest*
distort* disturb* egregious embarrass* evil fail failed failing fails failure* fake false falsehood* falsely fascis*
fiasco flawed flims* folly fool* fraud* hate* hateful hatred hoax horrible horrid horrif* humiliat* hypocri* idiot*
ignoran* incompeten* inept* infamous* insult* irrespons* liar* lied ludicrous* lurid lying mediocre misconduct
misdeed* mislead* misled misogyn* mistake* monst* notorious* offensive outrag* pathetic* phony predator* racis* rant
ranted ranting rants reckless* ridicul* ruthless* scandal* sexis* shady sham shame* sinister sleaz* smug so-called
squander* stupid* terrible threat* tirade toxic troubling tyran* undermin* unfit unqualified untrue vile violent*
vulgar* wicked worst wrong*
"""
_WORD = re.compile(
    rf"\b(?:{'|'.join(word.replace('*', r'[a-z]*') for word in _LOADED.split())})\b",
    re.IGNORECASE,
)


def has_loaded_word(text: str) -> bool:
    """Does a loaded word stand in this text?"""
    return _WORD.search(text) is not None
