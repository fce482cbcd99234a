"""Tell an article's language, or say that it cannot be told."""

from functools import cache
from threading import Lock

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNKNOWN = "und"

# Languages that news is written in. The identifier knows more (Latin, Esperanto, …), which would only be mistakes.
_NEWS = (
    "en fr de es pt it nl sv no da fi is pl cs sk hu ro bg el sr hr sl mk sq lt lv et uk ru be ka hy az kk tr ar fa he"
    " ur hi bn pa gu ta te ml kn mr ne si th lo km vi id ms tl sw am af zh ja ko mn ca eu gl ga cy mt"
)

# Below this many letters, names alone decide, and they decide wrongly.
_FEWEST_LETTERS = 40
# Characters read: more changes nothing but the time it takes.
_READ = 1_000
# Below this, the runner-up is about as likely.
_SURE = 0.6
# The model takes most of a second to load: no second thread should start on it meanwhile.
_LOADING = Lock()


def language_of(text: str) -> str:
    """The text's language in ISO 639-1, or `und` where it is too short or two are as likely."""
    start = text[:_READ]
    if sum(character.isalpha() for character in start) < _FEWEST_LETTERS:
        return UNKNOWN
    with _LOADING:
        identifier = _identifier()
    language, confidence = identifier.classify(start)
    return str(language) if confidence >= _SURE else UNKNOWN


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(set(_NEWS.split()) & set(identifier.labels)))
    return identifier
