"""A small invented world by seed: articles plain and hostile, and questions in the whole language about them.

Hypothesis shrinks well and draws slowly; here tens of thousands of pairs are wanted in seconds.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, get_args

from schemas.annotations import Act, Entity, EntityKind, Place, Stance
from schemas.article import Outlet
from schemas.message import Span
from schemas.story import Development, DevelopmentKind, EnrichedArticle
from services.search import asked
from services.search.asked import Ask
from services.search.english import terms, tokens
from services.search.language.written import written
from tests.search.reports import NOON, report, so_far

NOW = NOON + timedelta(days=1)

_SPAN = (Span(start=0, end=1),)
_WORDS = (
    "Kenya's Kenyans praised praising the of water-sharing waters pact pacts signed sign in Nairobi U.S. "
    "officials official “patient” partnership élan naïve can't agreed agreement agreeable 3,000 2.5 million "
    "policy police and or not AND wi-fi 24/7 O'Brien's ’s Côte İstanbul ΟΔΟΣ "
    '東京 ภาษาไทย 한국어 צה"ל ☎️ 👩\u200d👩\u200d👧 á a\u0301 the_of x_y 1_000 to be'
)
_SAID = tuple(_WORDS.split())
_ODD = (
    "\u0000\u0001\t\n\u0085\u00a0\u00ad\u200b\u200d\u2028\ufe0f\ufeff\ufffd\ufffe\U0001f469\U0001f3fd\U0010fffd'’\"“”\\/*?~^:"
    "()[]{}<>&|!+-_.,;ſKİßǅﬁאبกがア한\u0301\u20e3🇩🇪"
)
_NAMES = ("Kenya", "KE", "Ethiopia", "Côte d’Ivoire", "Kim Jong-un", "Kim Jong Un", "Harvest Party", "\u0301", "ﷺ" * 20)
_IDS = {"Kenya": "Q114", "Ethiopia": "Q115", "Côte d’Ivoire": "Q1008", "Kim Jong-un": "Q56226"}
_ASKED_NAMES = (*_NAMES, "kim jong un", "cote d'ivoire", "q114", "Q56226", "local:harvest-party", "nobody", "´", "-")
_STORIES = ("pact", "quake", "flood", "fire", "q", "Pact")
_COUNTRIES = ("KE", "ET", "KP", "US")


class World:
    """What a seed makes; the same seed makes the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._heard = [*_SAID]

    def articles(self, count: int) -> list[EnrichedArticle]:
        """Reports whose words, names, places and times often meet, and some that are nothing but odd."""
        return [self._article(number) for number in range(count)]

    def question(self) -> dict[str, Any]:
        """Criteria: a tree, or the same as words, and often a field or two beside it."""
        tree = self.tree()
        inside: dict[str, Any] = {"q": written(tree)} if self._often() else {"query": tree.model_dump(mode="json")}
        if self._random.random() < 0.1:
            inside = {"q": written(tree), "query": self.tree().model_dump(mode="json", exclude_defaults=True)}
        beside: dict[str, Callable[[], Any]] = {
            "entity": lambda: [self._pick(_ASKED_NAMES)],
            "country": lambda: self._some(_COUNTRIES),
            "near": lambda: self._near(),
            "box": lambda: self._box(),
            "stance": lambda: self._stance(),
            "language": lambda: ["en"],
            "published_from": lambda: self._moment().isoformat(),
            "novelty_min": lambda: self._share(),
            "story": lambda: self._some(_STORIES),
        }
        for name in self._random.sample(sorted(beside), k=self._random.choice((0, 0, 0, 1, 2))):
            inside[name] = beside[name]()
        return inside

    def tree(self, depth: int = 0) -> Ask:
        """A part of a question, with parts in it as deep as four."""
        if depth < 4 and self._random.random() < (0.75, 0.5, 0.35, 0.2)[depth]:
            kind = self._random.random()
            if kind < 0.25:
                return asked.Not(of=self.tree(depth + 1))
            several = tuple(self.tree(depth + 1) for _ in range(self._random.randrange(2, 5)))
            return asked.All(of=several) if kind < 0.55 else asked.AnyOf(of=several)
        return self._leaf()

    def _leaf(self) -> Ask:
        field: Any = self._random.choice(("both", "both", "title", "body"))
        makes: tuple[Callable[[], Ask], ...] = (
            lambda: asked.Word(text=self._heard_word(), field=field),
            lambda: asked.Word(text=self._heard_word(), field=field),
            lambda: asked.Phrase(text=self._heard_phrase(), field=field),
            lambda: self._prefix(field),
            lambda: asked.Named(kind=self._pick(("entity", "person", "org", "place")), who=self._pick(_ASKED_NAMES)),
            self._one_of,
            self._when,
            self._novelty,
            lambda: asked.Near(**self._near()),
            lambda: asked.Box(**self._box()),
            lambda: asked.Stance(**self._stance()),
        )
        return self._random.choice(makes)()

    def _article(self, number: int) -> EnrichedArticle:
        at = self._moment()
        title, text = self._text(12), self._text(60)
        if self._random.random() < 0.02:
            text = f"{text} " * (100_000 // (len(text) + 1))
        if self._random.random() < 0.01:
            text = "x" * self._random.randrange(250, 260) + " pact" if self._often() else "\u0301" * 9_000
        self._heard += (
            self._random.sample(words, k=min(3, len(words))) if (words := f"{title} {text[:500]}".split()) else []
        )
        # Nothing can be named in a text without a word.
        names = self._random.sample(_NAMES, k=self._random.randrange(5) if text else 0)
        entities = tuple(self._entity(name) for name in names)
        return report(
            number,
            url=f"https://savannah-post.example/{self._random.random()}",
            title=title,
            text=text,
            language=self._pick(("en", "fr", "und")),
            outlet=Outlet(
                domain=self._pick(("savannah-post.example", "kcna.kp")), country=self._pick(("KE", "GB", None))
            ),
            published=at,
            seen=at + timedelta(microseconds=self._random.randrange(10**10)),
            entities=entities,
            places=tuple(self._place() for _ in range(self._random.randrange(4) if text else 0)),
            stances=tuple(self._said_of(target, entities) for target in entities if self._often()),
            focus=None,
            story=self._pick(_STORIES),
            so_far=self._pick((None, None, so_far(), so_far(2, merged=("flood", "q")))),
            novelty=self._share(),
            developments=tuple(
                Development(kind=kind, reason="It is new.", score=0.5)
                for kind in self._some(get_args(DevelopmentKind), 0)
            ),
        )

    def _entity(self, name: str) -> Entity:
        wikidata = _IDS.get(name)
        return Entity(
            id=wikidata if wikidata and self._often() else f"local:{name.lower().replace(' ', '-')}",
            name=name,
            kind=self._pick(get_args(EntityKind)),
            spans=_SPAN,
            wikidata=wikidata,
            country=self._pick((*_COUNTRIES, None)),
        )

    def _place(self) -> Place:
        return Place(
            name=self._pick((*_NAMES, "Nairobi")),
            spans=_SPAN,
            lat=self._degrees(90),
            lon=self._degrees(180),
            country=self._pick((*_COUNTRIES, None)),
            feature="city",
            confidence=0.5,
            reason="invented",
        )

    def _said_of(self, target: Entity, entities: tuple[Entity, ...]) -> Stance:
        holder = self._pick((None, *entities))
        return Stance(
            holder=holder.id if holder else "outlet",
            holder_name=holder.name if holder else "",
            target=target.id,
            target_name=target.name,
            polarity=self._polarity(),
            confidence=0.5,
            evidence=_SPAN,
            quoted=self._often(),
            act=self._pick((*get_args(Act)[:3], None)),
            holder_side=self._pick((None, None, "KE")),
        )

    def _text(self, most: int) -> str:
        kind = self._random.random()
        if kind < 0.05:
            return ""
        if kind < 0.1:
            return "".join(self._random.choice(_ODD) for _ in range(most))
        if kind < 0.15:
            return "".join(self._any_sign() for _ in range(most))
        words = [self._word() for _ in range(self._random.randrange(1, most))]
        return self._random.choice((" ", " ", " ", "\n", ", ")).join(words)

    def _word(self) -> str:
        if self._random.random() < 0.9:
            return self._random.choice(_SAID)
        return "".join(self._any_sign() for _ in range(self._random.randrange(1, 6)))

    def _any_sign(self) -> str:
        kind = self._random.random()
        if kind < 0.5:
            return self._random.choice(_ODD)
        most = 0x3000 if kind < 0.9 else 0x110000
        while 0xD800 <= (sign := self._random.randrange(most)) <= 0xDFFF:
            pass
        return chr(sign)

    def _heard_word(self) -> str:
        while True:
            heard = self._random.choice(self._heard) if self._often() else self._word()
            if heard.split() and _is_plain(word := heard.split()[0][:100]):
                return word

    def _heard_phrase(self) -> str:
        return " ".join(self._heard_word() for _ in range(self._random.randrange(1, 4)))

    def _prefix(self, field: Any) -> Ask:
        pieces = tokens(self._heard_word())
        begin = self._pick(pieces)[: self._random.randrange(3, 8)] if pieces else ""
        if len(begin) < 3 or tokens(begin) != [begin]:
            begin = self._pick(("pac", "Pol", "agree", "policy", "3,00", "kenya", "wat", "the", "tok"))
        return asked.Prefix(text=begin, field=field)

    def _one_of(self) -> Ask:
        field = self._pick(("country", "outlet", "lang", "source_country", "story", "kind"))
        values = {
            "country": _COUNTRIES,
            "outlet": ("savannah-post.example", "KCNA.kp", "x.example"),
            "lang": ("en", "FR", "und"),
            "source_country": ("KE", "gb"),
            "story": _STORIES,
            "kind": get_args(DevelopmentKind),
        }
        return asked.OneOf(field=field, values=tuple(self._some(values[field])))

    def _when(self) -> Ask:
        bounds = [self._bound() for _ in range(2)]
        try:
            return asked.When(
                field=self._pick(("published", "published", "seen")),
                low=bounds[0],
                high=self._pick((None, bounds[1])),
                low_included=self._often(),
                high_included=self._often(),
            )
        except ValueError:  # the bounds are the wrong way round
            return asked.When(high=bounds[0], high_included=self._often())

    def _bound(self) -> str:
        return self._random.choice(
            (
                self._moment().isoformat(),
                self._moment().date().isoformat(),
                "2026-03",
                "2026",
                f"now-{self._random.randrange(40)}{self._pick('hdm')}",
                f"now-{self._random.randrange(3)}{self._pick('dwMy')}/{self._pick('hdwMy')}",
                "now",
                "now-99999y",
            )
        )

    def _novelty(self) -> Ask:
        low, high = sorted((self._share(), self._share()))
        return asked.Novelty(
            low=low, high=self._pick((None, high)), low_included=self._often(), high_included=self._often()
        )

    def _near(self) -> dict[str, float]:
        return {
            "lat": self._degrees(90),
            "lon": self._degrees(180),
            "km": self._pick((1, 111.2, 5000, 20_000, self._random.uniform(0.001, 20_000))),
        }

    def _box(self) -> dict[str, float]:
        south, north = sorted((self._degrees(90), self._degrees(90)))
        return {"south": south, "north": north, "west": self._degrees(180), "east": self._degrees(180)}

    def _stance(self) -> dict[str, Any]:
        low, high = sorted((self._polarity(), self._polarity()))
        sides = (*_ASKED_NAMES, "country:KE", "country:kp", "outlet")
        asked_of = {
            "holder": self._pick((None, self._pick(sides))),
            "target": self._pick((None, self._pick(sides))),
            "polarity_min": low,
            "polarity_max": self._pick((1.0, high)),
            "act": self._some(get_args(Act)[:3], 0) or None,
            "quoted": self._pick((None, None, True, False)),
        }
        return {name: value for name, value in asked_of.items() if value is not None}

    def _degrees(self, most: int) -> float:
        edge = self._pick((0.0, 1.0, 36.5, -0.0, 1e-7, -1e-7, float(most), float(-most), most - 0.05, 0.05 - most))
        return edge if self._often() else self._random.uniform(-most, most)

    def _moment(self) -> datetime:
        return NOON + timedelta(microseconds=self._pick((0, 999, 1000, -1, self._random.randrange(-(10**11), 10**11))))

    def _share(self) -> float:
        share: float = self._pick((0.0, -0.0, 0.1, 0.3, 0.7, 1.0, 0.30000001, self._random.random()))
        return share

    def _polarity(self) -> float:
        polarity: float = self._pick((0.0, -0.0, -0.1, 0.1, 0.3, 1.0, -1.0, 1e-46, self._random.uniform(-1, 1)))
        return polarity

    def _pick(self, values: Any) -> Any:
        return self._random.choice(values)

    def _some(self, values: Any, least: int = 1) -> list[Any]:
        return self._random.sample(values, k=self._random.randrange(least, 3))

    def _often(self) -> bool:
        return self._random.random() < 0.5


_SIGNS = (
    "abzAZsStIİıéßſKÅςΣאבה'\"’＇‘.,:;·_‿⁀1२９٣𝟗\u0300\u0301\u200d\u200c\u00ad\ufe0e\ufe0f\u20e3#*☎❤👍🏽👩👨🇩🇪🇫アカーｱﾞ日本ひゟ々〆한ก้າ"
    "ລແမ\u0600\u061c\u2060\u180e·\u05f3\u05f4\u203f٫،﹒\ufe10\ufe14\u0e33\u1100\u1161\u11a8가ºª²½Ⅷⓐ🄰♀♂©®™〰㊗\u2028\u0085\x00\x01"
    "\ufffd\ufdd0🏴\U000e0067\U000e007f𠀀\u19da\u1789\u17d2"
)
_PIECES = ("the", "of", "pact", "s", "'s", "ing", "ies", "U.S.", "can't", "ation", "s'", "’s")


def odd_text(made_from: random.Random) -> str:
    """Some signs of every kind that a tokenizer treats in its own way, one beside the other."""
    signs = []
    for _ in range(made_from.randrange(1, 9)):
        kind = made_from.random()
        some = _SIGNS if kind < 0.8 else _PIECES
        signs.append(made_from.choice(some) if kind < 0.9 else chr(made_from.randrange(0x20, 0x3100)))
    return "".join(signs)


def _is_plain(text: str) -> bool:
    return text in _SAID or (not any("\ufdd0" <= sign <= "\ufdef" for sign in text) and any(True for _ in terms(text)))
