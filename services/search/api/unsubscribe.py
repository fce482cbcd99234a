"""End the e-mail of a saved search by the link that stands in it: one click (RFC 8058), or a button on a page."""

from datetime import UTC, datetime
from html import escape
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse

from schemas.saved_search import SavedSearch
from services.search.api.parts import Parts, PartsOf
from services.search.api.problems import NOT_FOUND, Problem
from services.search.api.searches import changed_to, found, replaced_by
from services.search.deliver.links import NotALink

router = APIRouter(prefix="/unsubscribe", tags=["deliveries"])

Link = Annotated[str, Path(max_length=200, description="what stands at the end of the link in the e-mail")]

# Nothing is loaded, nothing is run, and the form leads nowhere else.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
HTML: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {"content": {"text/html": {"schema": {"type": "string"}}}}
}


@router.get("/{link}", summary="Ask before ending an e-mail", response_class=Response, responses={**NOT_FOUND, **HTML})
async def ask(link: Link, parts: PartsOf) -> HTMLResponse:
    """A page with one button. Opening it ends nothing: mail programs open links by themselves."""
    search, destination = _read(link, parts)
    address = next((one.place for one in search.deliver if one.key == destination), None)
    if address is None:
        return _page(f"“{search.name}” sends nothing to this address any more.")
    asked = f"End the e-mails of “{search.name}” to {address}?"
    return _page(asked, '<form method="post"><button>End them</button></form>')


@router.post("/{link}", summary="End an e-mail", response_class=Response, responses={**NOT_FOUND, **HTML})
async def end(link: Link, parts: PartsOf) -> HTMLResponse:
    """The saved search tells this address no more, as a new version of it; what it owes there is not sent."""
    async with parts.changing:
        before, destination = _read(link, parts)
        rest = tuple(one for one in before.deliver if one.key != destination)
        changed = changed_to(before, before.model_copy(update={"deliver": rest}), datetime.now(UTC))
        if changed.version != before.version:
            await replaced_by(changed, parts)
    return _page(f"“{changed.name}” sends nothing to this address any more.")


def _read(link: str, parts: Parts) -> tuple[SavedSearch, str]:
    if parts.links is None:
        raise Problem(HTTPStatus.NOT_FOUND, "this installation sends no e-mail")
    try:
        search, destination = parts.links.read(link)
    except NotALink as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from None
    return found(search, parts), destination


def _page(said: str, form: str = "") -> HTMLResponse:
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Dateline</title>'
    return HTMLResponse(f"{head}<p>{escape(said)}</p>{form}</html>", headers=HEADERS)
