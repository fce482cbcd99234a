"""The site's HTML: article pages as outlets publish them, with all that stands around an article."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape

from deploy.samples.collection import SampleArticle, SampleOutlet
from deploy.samples.feeds import feed_path

MARK = "Sample article: the events, and the people but for holders of public office, are invented."
_PICTURE = (
    '\n<figure class="lead"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==" '
    'alt=""><figcaption>A picture would be here.</figcaption></figure>'
)
_ADVERTISEMENT = '\n<div class="ad advertisement" aria-label="Advertisement">Advertisement</div>'
_SECTIONS = ("World", "Region", "Business", "Weather", "Sport")


def front_page(outlets: Iterable[SampleOutlet], base_url: str) -> str:
    """The index of the site: it says plainly that nothing here happened."""
    rows = "\n".join(
        f'<li><a href="{base_url}/{outlet.slug}/">{escape(outlet.name)}</a> ({outlet.country}), '
        f'<a href="{base_url}{feed_path(outlet)}">{outlet.feed} feed</a></li>'
        for outlet in outlets
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        "<title>Sample news</title></head><body>\n<h1>Sample news</h1>\n"
        "<p>The outlets and articles on this site are invented samples. None of what they report happened; "
        "public office-holders appear only in the ordinary course of their public duties.</p>\n"
        f"<ul>\n{rows}\n</ul>\n</body></html>\n"
    )


def outlet_page(outlet: SampleOutlet, articles: Sequence[SampleArticle], base_url: str) -> str:
    """An outlet's own front page: its headlines, newest first."""
    rows = "\n".join(f"<li>{_link(article, base_url)}</li>" for article in reversed(articles))
    return (
        f'<!doctype html>\n<html lang="{outlet.language}"><head><meta charset="utf-8">'
        f"<title>{escape(outlet.name)}</title>\n"
        f'<link rel="alternate" type="application/{outlet.feed}+xml" href="{base_url}{feed_path(outlet)}">'
        f"</head><body>\n<h1>{escape(outlet.name)}</h1>\n<p>{escape(outlet.motto)}</p>\n<ul>\n{rows}\n</ul>\n"
        f"<footer>{MARK}</footer></body></html>\n"
    )


def article_page(article: SampleArticle, related: Sequence[SampleArticle], now: datetime, base_url: str) -> str:
    """The article's page; the messy ones are what broken publishing systems write, and browsers still show."""
    render = _tidy if article.markup == "tidy" else _messy
    return render(article, related, now, base_url)


def _tidy(article: SampleArticle, related: Sequence[SampleArticle], now: datetime, base_url: str) -> str:
    outlet = article.outlet
    sections = "".join(f'<li><a href="{base_url}/{outlet.slug}/">{name}</a></li>' for name in _SECTIONS)
    more = "".join(f"<li>{_link(other, base_url)}</li>" for other in related)
    return f"""<!doctype html>
<html lang="{article.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
{_head(article, now, base_url)}
<style>body{{font-family:serif;max-width:46rem;margin:auto}} .cookies{{position:fixed;bottom:0}}</style>
</head>
<body>
<div class="cookies cookie-banner" role="dialog" aria-label="Cookies">
<p>We use cookies to count readers. <button>Accept all</button> <button>Reject</button></p>
</div>
<header class="site-header">
<a class="logo" href="{base_url}/{outlet.slug}/">{escape(outlet.name)}</a>
<nav aria-label="Sections"><ul>{sections}</ul></nav>
</header>
<main>
<article>
<header>
<h1>{escape(article.title)}</h1>
<p class="byline">By <span class="author" rel="author">{escape(article.byline)}</span></p>
{_time(article, now)}
<ul class="share"><li><a href="#">Share</a></li><li><a href="#">Print</a></li></ul>
</header>
<div class="article-body">
{_body(article.blocks(now), related, base_url)}
</div>
</article>
<aside class="related"><h2>More from {escape(outlet.name)}</h2><ul>{more}</ul></aside>
<section class="newsletter"><form action="#"><label>Get the morning letter <input type="email"></label></form></section>
</main>
<footer class="site-footer"><p>{MARK}</p>
<ul><li><a href="#">About us</a></li><li><a href="#">Privacy</a></li><li><a href="#">Contact</a></li></ul></footer>
<script>window.dataLayer = window.dataLayer || [];</script>
</body>
</html>
"""


def _messy(article: SampleArticle, related: Sequence[SampleArticle], now: datetime, base_url: str) -> str:
    """Upper-case and unclosed tags, tables for layout, attributes without quotes, a bare ampersand, no end."""
    cells = "".join(f"<TD><A HREF={base_url}/{article.outlet.slug}/>{name}</A>" for name in _SECTIONS)
    paragraphs = "\n".join(f"<P>{escape(block, quote=False)}" for block in article.blocks(now))
    more = "<BR>".join(_link(other, base_url) for other in related)
    return f"""<HTML>
<HEAD>
{_head(article, now, base_url)}
<BODY BGCOLOR=#FFFFFF TOPMARGIN=0 topmargin=4>
<TABLE WIDTH=100% BORDER=0><TR>{cells}</TABLE>
<TABLE WIDTH=600 ALIGN=center><TR><TD COLSPAN=2>
<H1>{escape(article.title, quote=False)}</H1></CENTER>
<DIV CLASS=byline><I>{escape(article.byline, quote=False)}</DIV></I>
<TR><TD VALIGN=top><DIV ID=story class="story-body">
{paragraphs}
</FONT></DIV>
<TD WIDTH=140 VALIGN=top class=sidebar><B>More News & Views</B><BR>{more}</TD></TR></TABLE>
<DIV ID=footer><FONT SIZE=1>{MARK}
"""


def _head(article: SampleArticle, now: datetime, base_url: str) -> str:
    outlet = article.outlet
    url = f"{base_url}/{article.path}"
    first = article.blocks(now)[0]
    lines = [
        f"<title>{escape(article.title)} | {escape(outlet.name)}</title>",
        f'<link rel="canonical" href="{url}">',
        f'<link rel="alternate" type="application/{outlet.feed}+xml" href="{base_url}{feed_path(outlet)}">',
        f'<meta name="description" content="{escape(first)}">',
        f'<meta name="author" content="{escape(article.byline)}">',
        '<meta name="robots" content="noindex">',
        '<meta property="og:type" content="article">',
        f'<meta property="og:title" content="{escape(article.title)}">',
        f'<meta property="og:site_name" content="{escape(outlet.name)}">',
        f'<meta property="og:url" content="{url}">',
        f'<meta property="og:description" content="{escape(first)}">',
    ]
    if article.dated:
        moment = article.published(now).isoformat()
        lines.append(f'<meta property="article:published_time" content="{moment}">')
    lines.append(f'<script type="application/ld+json">{_json_ld(article, now, url)}</script>')
    return "\n".join(lines)


def _json_ld(article: SampleArticle, now: datetime, url: str) -> str:
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "inLanguage": article.language,
        "mainEntityOfPage": url,
        "author": [{"@type": "Person", "name": article.byline}],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": article.outlet.name,
            "url": f"https://{article.outlet.domain}/",
        },
        "isAccessibleForFree": True,
    }
    if article.dated:
        said["datePublished"] = article.published(now).isoformat()
    # A headline must not be able to close the script element.
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")


def _time(article: SampleArticle, now: datetime) -> str:
    if not article.dated:
        return ""
    moment = article.published(now)
    return f'<time datetime="{moment.isoformat()}">{moment:%Y-%m-%d %H:%M} UTC</time>'


def _body(blocks: Sequence[str], related: Sequence[SampleArticle], base_url: str) -> str:
    """The words, with what outlets set between them: a picture, an advertisement, a link to read on."""
    between = {0: _PICTURE, 2: _ADVERTISEMENT}
    if related:
        between[1] = f'<div class="read-more">Read more: {_link(related[-1], base_url)}</div>'
    return "\n".join(_block(block) + between.get(position, "") for position, block in enumerate(blocks))


def _block(block: str) -> str:
    if block.startswith("## "):
        return f"<h2>{escape(block[3:], quote=False)}</h2>"
    if block.startswith("- "):
        items = "".join(f"<li>{escape(line[2:], quote=False)}</li>" for line in block.splitlines())
        return f"<ul>{items}</ul>"
    return f"<p>{escape(block, quote=False)}</p>"


def _link(article: SampleArticle, base_url: str) -> str:
    return f'<a href="{base_url}/{article.path}">{escape(article.title)}</a>'
