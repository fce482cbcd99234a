"""Who an article is: the same URL in any spelling is the same article.

The rules are written out here and not taken from a library, since an id must never change with a library's version.
"""

import re
from hashlib import sha256
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# Parameters that say where a reader came from, never which article is meant.
_TRACKING = re.compile(
    r"^(utm_.*|at_.*|pk_.*|mtm_.*|hsa_.*|mc_[ce]id|_hs(enc|mi)|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid"
    r"|igshid|igsh|ref|ref_src|ref_url|referrer|cmpid|cmp|ocid|ncid|smid|smtyp|sr_share|share|s_cid|src|ito|taid|traffic_source"
    r"|partner|rss|feature|guccounter|guce_.*|spm|xtor|wt\.mc_id|wtmc|dicbo|__twitter_impression|amp)$"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What a host is called for phones and for AMP; the article is the same.
_TWIN = re.compile(r"^(www|m|mobile|amp)\.")
_KEPT_IN_PATH = "/:@!$&'()*+,;=~-._"


class NotAUrl(ValueError):
    """This is no http or https URL, so it can be no article's address."""


def canonical_url(url: str) -> str:
    """The one spelling of a URL: lower-case host, no default port, no tracking, no fragment, sorted parameters.

    `urn:` names, which articles from files without URLs have, stay as they are. Raises `NotAUrl`.
    """
    if url.startswith("urn:"):
        return url
    parts = _split(url)
    scheme = parts.scheme.lower()
    host = _host(parts)
    port = parts.port
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    return urlunsplit((scheme, host, _path(parts.path), _query(parts.query), ""))


def article_id(canonical: str) -> str:
    """The article's id: 32 hex digits from its canonical URL alone, so that a repeat overwrites and never doubles."""
    return sha256(canonical.encode()).hexdigest()[:32]


def content_hash(title: str, text: str) -> str:
    """Tells one revision from the next; the way words are spaced is no change."""
    return sha256("\n".join(" ".join(part.split()) for part in (title, text)).encode()).hexdigest()[:32]


def plausible_canonical(fetched: str, claimed: str) -> bool:
    """Whether a page's own rel=canonical can be believed: same site, and an article's path, not the front page's.

    Misconfigured sites point every article at the home page, which would make them all one.
    """
    try:
        ours, theirs = _split(fetched), _split(claimed)
    except NotAUrl:
        return False
    if theirs.path.strip("/") == "" and ours.path.strip("/") != "":
        return False
    return site(fetched) == site(claimed) and ours.port == theirs.port


def site(url: str) -> str:
    """The host without www, m, mobile or amp: the outlet's domain where nothing better is known."""
    return _TWIN.sub("", _host(_split(url)))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError as error:
        raise NotAUrl(f"{url[:200]!r} is no URL: {error}") from error
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        raise NotAUrl(f"{url[:200]!r} is no http or https URL")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError as error:
        raise NotAUrl(f"{host[:200]!r} is no host name") from error


def _path(path: str) -> str:
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part not in {".", ""} or not kept:
            kept.append(part)
    whole = "/".join(kept) + ("/" if path.endswith("/") and kept != [""] else "")
    # Unquote and quote again, so that %C3%A9 and é, %2D and -, are one spelling; %2F stays, it is no slash.
    pieces = re.split("(%2[fF])", whole or "/")
    return "".join("%2F" if piece.lower() == "%2f" else quote(unquote(piece), safe=_KEPT_IN_PATH) for piece in pieces)


def _query(query: str) -> str:
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if not _TRACKING.match(pair[0].lower())]
    return urlencode(sorted(kept))
