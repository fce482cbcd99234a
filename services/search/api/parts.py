"""What the API is put together from, for its paths to ask for."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from services.publish import Publisher
from services.search.api.alert_log import AlertLog, alert_log
from services.search.api.archive import Archive
from services.search.api.backtest_runs import Runs
from services.search.api.cursor import Signer
from services.search.api.delivery_log import DeliveryLog
from services.search.api.development_log import DevelopmentLog, development_log
from services.search.deliver.links import Links, links_of
from services.search.deliver.webhook_secrets import WebhookSecrets
from services.search.keys import Keys
from services.search.saved_searches import SavedSearches
from services.search.settings import SearchSettings


@dataclass(frozen=True)
class Parts:
    """Everything a request may need; made when the app starts, closed when it ends."""

    settings: SearchSettings
    archive: Archive
    alerts: AlertLog
    developments: DevelopmentLog
    searches: SavedSearches
    keys: Keys
    deliveries: DeliveryLog
    publisher: Publisher
    signer: Signer
    secrets: WebhookSecrets
    links: Links | None
    backtests: Runs = field(default_factory=Runs)
    publishing: asyncio.Lock = field(default_factory=asyncio.Lock)
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, settings: SearchSettings) -> "Parts":
        """The parts, none of them connected yet."""
        given = settings.cursor_key.get_secret_value().encode() if settings.cursor_key else secrets.token_bytes(32)
        return cls(
            settings=settings,
            archive=Archive(settings),
            alerts=alert_log(settings),
            developments=development_log(settings),
            searches=SavedSearches(settings),
            keys=Keys(settings),
            deliveries=DeliveryLog(settings),
            publisher=Publisher(settings),
            signer=Signer(given, settings.namespace),
            secrets=WebhookSecrets(settings.webhook_secrets),
            links=links_of(settings),
        )

    def start(self) -> None:
        """Begin to follow Kafka; neither server needs to be there yet."""
        self.alerts.start()
        self.developments.start()
        self.searches.start()
        self.keys.start()
        self.deliveries.start()

    async def stop(self) -> None:
        """Let go of everything."""
        await self.backtests.stop()
        await self.alerts.stop()
        await self.developments.stop()
        await asyncio.to_thread(self.searches.stop)
        await asyncio.to_thread(self.keys.stop)
        await asyncio.to_thread(self.deliveries.stop)
        await self.archive.close()
        await asyncio.to_thread(self.publisher.close)


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(_parts)]
