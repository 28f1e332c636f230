"""The pages for people: what this is and where everything else is, in English and French, without a script.

The language is that of `?lang=`, else what the browser asks for (`Accept-Language`), else English.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from flask import Flask, Response, request, send_from_directory
from jinja2 import Environment, FileSystemLoader

from awards import watch
from awards.problems import API, FORBIDDEN, OK
from awards.web import sessions
from awards.web.texts import LANGUAGES, TEXTS

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#c8960c" '
    'd="M8 .8l2.2 4.6 5 .7-3.6 3.5.9 5L8 12.2l-4.5 2.4.9-5L.8 6.1l5-.7z"/></svg>'
)
CACHE = "public, max-age=300"
LONG = 86_400


class Addressed(Protocol):
    """What the pages need of the settings."""

    @property
    def base_url(self) -> str | None: ...


class Pages:
    """Renders pages under the address the service is known by."""

    def __init__(self, base_url: str | None) -> None:
        self._base_url = base_url
        self.provider: str | None = None  # what people call the OpenID provider they may sign in with
        self._templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)

    def home(self) -> Response:
        """The first page."""
        return self.page("home.html", OK, CACHE)

    def wrong(self, status: int) -> Response:
        """The page that says that something is not there, or went wrong."""
        text = "missing" if status == 404 else "failed" if status >= 500 else "refused"
        return self.page("wrong.html", status, "no-store", wrong=text)

    def icon(self) -> Response:
        """The icon of the site."""
        return Response(ICON, headers={"Cache-Control": f"public, max-age={LONG}"}, content_type="image/svg+xml")

    def static(self, filename: str) -> Response:
        """A file that pages use."""
        return send_from_directory(HERE / "static", filename, max_age=LONG)

    def page(self, template: str, status: int, cache_control: str, policy: str = POLICY, **more: Any) -> Response:
        """A page of ours, whatever its status; `policy`: what it may load and send, `more`: for the template."""
        language = self.language()
        texts: Mapping[str, Any] = TEXTS[language]
        page = self._templates.get_template(template).render(
            lang=language,
            languages=LANGUAGES,
            root=self.root(),
            provider=self.provider,
            site=(self._base_url or request.host_url).rstrip("/"),
            icon="data:image/svg+xml," + quote(ICON, safe=" =/:\"'"),
            t=texts,
            **more,
        )
        headers = {
            "Content-Language": language,
            "Content-Security-Policy": policy,
            "Cache-Control": cache_control,
            "Vary": "Accept-Language",
        }
        return Response(page, status, headers, content_type="text/html; charset=utf-8")

    @staticmethod
    def language() -> str:
        """What is asked for most; unlike in werkzeug's own match, `fr-CA` is French before `en;q=0.5` is English."""
        asked = [(request.args.get("lang", ""), 1.0), *request.accept_languages]
        wanted = [tag.partition("-")[0].lower() for tag, quality in asked if quality > 0]
        return next((tag for tag in wanted if tag in LANGUAGES), LANGUAGES[0])

    def root(self) -> str:
        """What comes before `/api` in the addresses of this site."""
        return urlsplit(self._base_url).path.rstrip("/") if self._base_url else request.script_root


def create_pages(app: Flask, settings: Addressed) -> Pages:
    """Add the pages; outside the API, what is not there or goes wrong is told by a page too.

    There, what would change something is taken from pages of this site only. Gives what renders further pages.
    """
    pages = Pages(settings.base_url)
    app.add_url_rule("/", "home", pages.home)
    app.add_url_rule("/favicon.ico", "icon", pages.icon)
    app.add_url_rule("/static/<path:filename>", "static", pages.static)

    @app.before_request
    def refuse_what_other_sites_send() -> Response | None:
        nothing_there = request.routing_exception is not None
        if nothing_there or request.path.startswith(API) or sessions.comes_from_here(request, settings.base_url):
            return None
        watch.refused("cross_site")
        return pages.wrong(FORBIDDEN)

    @app.after_request
    def tell(response: Response) -> Response:
        ours = "Content-Language" in response.headers
        if ours or response.status_code < 400 or response.mimetype != "text/html" or request.path.startswith(API):
            return response
        page = pages.wrong(response.status_code)
        for name in ("Allow", "Retry-After"):
            if name in response.headers:
                page.headers[name] = response.headers[name]
        return page

    return pages
