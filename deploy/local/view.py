"""Show the river to a person: each article with what was found in it, and each alert, as they come."""

from collections.abc import Iterator

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from rich.console import Console
from rich.markup import escape

from schemas import wire
from schemas.alert import Alert
from schemas.annotations import Entity, Stance
from schemas.message import Message
from schemas.story import EnrichedArticle, StoryMoment, ToldDevelopment
from schemas.topics import ALERTS, ENRICHED, LARGEST_MESSAGE

MOST_NAMES = 6
MOST_STANCES = 3
MOST_DEVELOPMENTS = 3
HAPPENED = frozenset({"new_figure", "new_act", "stance_shift"})
EVIDENCE_LENGTH = 90


def article_lines(enriched: EnrichedArticle) -> list[str]:
    """An article as some lines of rich markup: its title and outlet, who, where, for or against whom, what is new."""
    article, annotated, moment = enriched.article, enriched.annotated, enriched.moment
    outlet = escape(article.outlet.name or article.outlet.domain)
    lines = [f"[dim]{article.published:%Y-%m-%d %H:%M}[/] [bold]{escape(article.title)}[/] · [cyan]{outlet}[/]"]
    if not annotated.annotated:
        lines.append(f"      [dim]in {escape(article.language)}: searchable, not annotated[/]")
    by_salience = sorted(annotated.entities, key=lambda entity: entity.salience)
    actors = list({actor.id: _named(actor) for actor in by_salience}.values())
    if actors:
        lines.append("      who    " + " · ".join(actors[: -MOST_NAMES - 1 : -1]))
    if annotated.places:
        where = [f"{place.name} ({place.country})" if place.country else place.name for place in annotated.places]
        lines.append("      where  " + escape(" · ".join(dict.fromkeys(where[:MOST_NAMES]))))
    lines += [f"      stance {_told(stance, article.text)}" for stance in annotated.stances[:MOST_STANCES]]
    lines += _story_lines(moment)
    if moment.duplicate_of:
        lines.append("      [dim]a copy of an article already told[/]")
    lines += [f"      [green]new[/]    {escape(one.reason)}" for one in moment.developments[:MOST_DEVELOPMENTS]]
    if again := _told_again(moment):
        lines.append(f"      again  [dim]told by {len(again.outlets)} outlets: {escape(again.reason)}[/]")
    return lines


def alert_lines(alert: Alert) -> list[str]:
    """An alert as a line of rich markup that stands out."""
    return [
        f"[bold red]ALERT[/] [bold]{escape(alert.search_name)}[/]: {escape(alert.title)} · "
        f"[cyan]{escape(alert.outlet)}[/] — {escape(alert.reason)}"
    ]


def _story_lines(moment: StoryMoment) -> list[str]:
    """Which story it joined, and how widely that is told; an article that opens one says so itself."""
    story = moment.so_far
    if story is None or story.articles == 1:
        return []
    outlets = "1 outlet" if len(story.outlets) == 1 else f"{len(story.outlets)} outlets"
    return [f"      story  {escape(story.title)} [dim]· {story.articles} articles of {outlets}[/]"]


def _told_again(moment: StoryMoment) -> ToldDevelopment | None:
    """The weightiest that happened of what it tells after another outlet did: to name somebody again is no news."""
    told = [
        one
        for one in (moment.so_far.developments if moment.so_far else ())
        if one.id in moment.repeats and one.kind in HAPPENED and len(one.outlets) > 1
    ]
    return max(told, key=lambda one: one.score, default=None)


def _named(actor: Entity) -> str:
    return escape(f"{actor.name} {actor.wikidata}" if actor.wikidata else actor.name)


def _told(stance: Stance, text: str) -> str:
    sign, colour = ("for", "green") if stance.polarity > 0 else ("against", "red")
    words = " ".join(stance.evidence[0].of(text).split())
    if len(words) > EVIDENCE_LENGTH:
        words = words[:EVIDENCE_LENGTH].rsplit(" ", 1)[0] + " …"
    return (
        f"{escape(stance.holder_name)} [{colour}]{sign}[/] {escape(stance.target_name)} "
        f"[dim]{stance.polarity:+.2f} “{escape(words)}”[/]"
    )


class View:
    """Reads what is enriched and what is raised, from now on, and shows it on a console."""

    def __init__(self, kafka: str, namespace: str, console: Console) -> None:
        """Stand at the end of both topics, so that only what comes from now on is shown."""
        self._console = console
        self._topics = {topic.named(namespace): topic for topic in (ENRICHED, ALERTS)}
        self._consumer = KafkaConsumer(
            bootstrap_servers=kafka.split(","), enable_auto_commit=False, max_partition_fetch_bytes=LARGEST_MESSAGE
        )
        partitions = [
            TopicPartition(name, number)
            for name in self._topics
            for number in sorted(self._consumer.partitions_for_topic(name) or ())
        ]
        self._consumer.assign(partitions)
        for partition, end in self._consumer.end_offsets(partitions).items():
            self._consumer.seek(partition, end)
        self.articles = 0
        self.alerts = 0

    def show_what_came(self, within_ms: int) -> bool:
        """Show what came within so many milliseconds; say whether anything did."""
        came = False
        for message in self._messages(within_ms):
            came = True
            if isinstance(message, EnrichedArticle):
                self.articles += 1
                self._print(article_lines(message))
            elif isinstance(message, Alert):
                self.alerts += 1
                self._print(alert_lines(message))
        return came

    def close(self) -> None:
        """Let go of the broker."""
        self._consumer.close()

    def _messages(self, within_ms: int) -> Iterator[Message]:
        try:
            polled = self._consumer.poll(timeout_ms=within_ms)
        except KafkaError:
            return  # the broker is away; whoever supervises it says so
        for records in polled.values():
            for record in records:
                try:
                    yield wire.decode(self._topics[record.topic], record.value, record.headers)
                except wire.Undecodable:
                    continue  # its reader buries it and says so; this only shows

    def _print(self, lines: list[str]) -> None:
        for line in lines:
            self._console.print(line, highlight=False, soft_wrap=True)
