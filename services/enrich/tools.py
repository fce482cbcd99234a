"""Load the models that annotating uses, once, and put each step together with its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from schemas.annotations import OUTLET_AS_HOLDER, Entity, Place, Stance, Written
from schemas.article import Article
from schemas.message import Span
from services.enrich.act_words import ActWords, read_words
from services.enrich.acting_for import Side, sides
from services.enrich.actor_ranker import Ranker
from services.enrich.actors import resolve
from services.enrich.annotate import Placed, Tools
from services.enrich.entities import Mention, find_entities
from services.enrich.gazetteer import Gazetteer
from services.enrich.knowledge import ActorTable, Knowledge
from services.enrich.language_model import LanguageModel
from services.enrich.own_actors import WithOwn
from services.enrich.places import Learned, locate
from services.enrich.sentences import split_sentences
from services.enrich.settings import EnrichSettings
from services.enrich.stance import find_stances
from services.enrich.vector import Embedder


@dataclass(frozen=True)
class Models:
    """Everything that is loaded once and shared."""

    language: LanguageModel
    gazetteer: Gazetteer
    actors: Knowledge
    embedder: Embedder
    place_weights: Learned
    actor_ranker: Ranker
    act_words: ActWords

    @classmethod
    def load(cls, settings: EnrichSettings) -> Models:
        """Load them; raises FileNotFoundError with the name of what is missing."""
        folder, cache = settings.models_folder, settings.cache.expanduser() / "models"
        return cls(
            place_weights=Learned.load(folder / "gazetteer" / "ranker.npz"),
            actor_ranker=Ranker.load(folder / "actors"),
            act_words=read_words(folder / "acts" / "acts.tsv"),
            language=LanguageModel(settings.language_model, threads=settings.model_threads),
            gazetteer=Gazetteer.open(folder / "gazetteer" / "gazetteer.sqlite.zst", cache),
            actors=WithOwn(ActorTable.open(folder / "actors" / "actors.sqlite.zst", cache), settings.own_actors_file),
            embedder=Embedder(folder / "names_stance" / "tokenizer.json", settings.model_threads),
        )

    def tools(self) -> Tools:
        """The steps with these models in them."""
        return Tools(
            sentences=split_sentences,
            mentions=self._mentions,
            entities=self._entities,
            places=self._places,
            stances=partial(self._stances, sides(self.actors)),
            vectors=self.embedder.vectors,
        )

    def _mentions(self, article: Article, sentences: Sequence[Span]) -> Sequence[Mention]:
        return find_entities(article.title, article.text, sentences, self.language, self._is_country)

    def _is_country(self, name: str) -> bool:
        meanings = self.gazetteer.named(name)
        return bool(meanings) and meanings[0].feature == "country" and meanings[0].how != "demonym"

    def _entities(
        self, article: Article, mentions: Sequence[Mention], frame: Written | None, places: Sequence[Place]
    ) -> tuple[Entity, ...]:
        return resolve(mentions, article.text, article, self.actors, frame, places, self.actor_ranker)

    def _places(self, article: Article, mentions: Sequence[Mention], frame: Written | None) -> Placed:
        country = article.outlet.country
        located = locate(article.text, mentions, self.gazetteer, country, frame, self.place_weights)
        return Placed(located.places, located.focus, located.allusions)

    def _stances(
        self, side_of: Side, article: Article, sentences: Sequence[Span], entities: Sequence[Entity]
    ) -> tuple[Stance, ...]:
        stances = find_stances(
            article.text, sentences, entities, self.language, side_of=side_of, act_words=self.act_words
        )
        outlet = article.outlet.name or article.outlet.domain
        return tuple(
            stance.model_copy(update={"holder_name": outlet}) if stance.holder == OUTLET_AS_HOLDER else stance
            for stance in stances
        )
