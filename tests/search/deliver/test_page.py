"""What the page on delivery says is what the code does."""

import json
import re
import tomllib
from pathlib import Path

from pydantic import SecretStr

from services.search.api.search_asked import SearchAsked
from services.search.deliver.webhook_secrets import WebhookSecrets
from services.search.settings import SearchSettings
from tests.search.deliver.test_webhooks import NEW, OLD
from tests.search.reports import NOON

PAGE = (Path(__file__).parents[3] / "docs" / "delivery.md").read_text("utf-8")


def test_the_saved_search_can_be_saved() -> None:
    (body,) = re.findall(r"^POST /searches\n(\{.*?\})\n```", PAGE, re.MULTILINE | re.DOTALL)
    asked = SearchAsked.model_validate(json.loads(body))
    assert asked.faults(frozenset(), lambda name: name == "newsroom", has_mail=True) == []


def test_every_field_is_told() -> None:
    told = set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE))))
    assert told == SearchAsked.model_fields.keys() - {"name", "criteria", "deliver"}


def test_the_file_of_secrets_can_be_read(tmp_path: Path) -> None:
    (written,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    for secret in (NEW, OLD):
        written = written.replace("whsec_…", secret, 1)
    assert len(tomllib.loads(written)["newsroom"]) == 2
    (tmp_path / "webhooks.toml").write_text(written)
    assert WebhookSecrets(tmp_path / "webhooks.toml").named("newsroom", NOON) == (NEW, OLD)


def test_e_mail_takes_what_it_says() -> None:
    told = re.search(r"It takes (.*?), the last two", PAGE, re.DOTALL)
    assert told is not None
    assert re.findall(r"DATELINE_(\w+)", told[1]) == ["SMTP_HOST", "SMTP_FROM", "PUBLIC_URL", "LINK_KEY"]
    whole = SearchSettings(
        smtp_host="a", smtp_from="a@b.example", public_url="https://b.example", link_key=SecretStr("k" * 16)
    )
    assert whole.has_mail
    for lacking in ({"smtp_host": ""}, {"smtp_from": ""}, {"public_url": ""}, {"link_key": None}):
        assert not whole.model_copy(update=lacking).has_mail
