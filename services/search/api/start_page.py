"""A page to begin at: what there is, and a search to try; it shows nothing that a publisher wrote."""

START_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Dateline</title>
<style>body{font:1rem/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}input[name=q]{width:60%}</style>
<h1>Dateline</h1>
<p>Who, where, for or against whom, which story, and what is new.</p>
<form action="/articles"><input name="q" required placeholder="words">
<button>Find</button></form>
<ul>
<li><a href="/docs">Every path and parameter</a> (<a href="/openapi.json">OpenAPI</a>)</li>
<li><a href="/articles?facets=outlet&amp;facets=country&amp;facets=entity">The newest articles</a></li>
<li><a href="/stories?sort=growth">The stories that grow most</a></li>
<li><a href="/developments">What is new</a>, as <a href="/developments.atom">a feed</a>, and
<a href="/developments/stream">as it comes</a></li>
<li><a href="/stances/network">Who is for or against whom</a></li>
<li><a href="/alerts">The latest alerts</a>, and <a href="/alerts/stream">as they come</a></li>
<li><a href="/searches">Saved searches</a></li>
<li><a href="/readyz">Is it ready?</a> <a href="/metrics">How is it doing?</a></li>
</ul>
"""
"""Its form speaks to the API itself; there is no script in it."""

ONLY_ITSELF = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
"""The page's content security policy."""
