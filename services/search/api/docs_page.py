"""The page that shows every path and lets it be tried: all of it from here, so that it works without the Internet."""

from importlib.resources import as_file, files

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

PARTS = "/docs/parts"
"""Where the page's script and style are served."""

ONLY_FROM_HERE = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'"
)
"""The page's content security policy: whatever a script wanted from elsewhere, the browser refuses it."""


def serve_docs(app: FastAPI) -> None:
    """Serve the page under `/docs`; the app must have been made without FastAPI's own, which loads from a CDN."""
    with as_file(files("fastapi_standalone_docs") / "static" / "swagger") as swagger_ui:
        app.mount(PARTS, StaticFiles(directory=swagger_ui))

    @app.get("/docs", include_in_schema=False)
    async def docs_page() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=f"{app.title}: every path",
            swagger_js_url=f"{PARTS}/swagger-ui-bundle.js",
            swagger_css_url=f"{PARTS}/swagger-ui.css",
            swagger_favicon_url="data:,",  # FastAPI's is on its own site
            swagger_ui_parameters={"validatorUrl": None},  # else a badge from swagger.io
        )
        return HTMLResponse(bytes(page.body), headers={"Content-Security-Policy": ONLY_FROM_HERE})
