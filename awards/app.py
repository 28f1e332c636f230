"""The composition root: puts the whole service together on the open stores, as a WSGI application and as a courier."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from awards.api import create_api
from awards.hardening import harden
from awards.mail.codes import Codes
from awards.mail.courier import Courier
from awards.mail.mime import Stationery
from awards.mail.smtp import MailServer
from awards.production import require_ready
from awards.service import Service
from awards.web import Pages, create_pages
from awards.web.accounts import Doors, add_accounts

__all__ = ["Service", "create_app", "mailing", "open_courier"]


def open_courier(service: Service) -> Courier | None:
    """Who sends the mail, if a mail server is set."""
    settings = service.settings
    if settings.smtp_url is None:
        return None
    stationery = Stationery(str(settings.mail_from), str(settings.base_url), service.keys.secret("mail"))
    server = MailServer.from_url(settings.smtp_url)
    return Courier(service.application.desk, Codes(service.application), server, stationery)


def mailing(service: Service) -> AbstractContextManager[None]:
    """Send mail in the background while the block runs, if a mail server is set."""
    courier = open_courier(service)
    return courier.working() if courier else nullcontext()


def create_app(service: Service) -> Flask:
    """The WSGI application of an open service."""
    require_ready(service.settings)  # under another server than that of `awards serve` too
    app = Flask("awards", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = service.settings.max_body
    if proxies := service.settings.proxies:
        # Only where a client is: what it asked for is said by AWARDS_BASE_URL, not by a header.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    create_api(app, service.application, service.keys, service.settings, service.limits)
    pages = create_pages(app, service.settings)
    add_accounts(app, pages, Doors(service.application, service.limits, lambda: datetime.now(UTC)))
    if service.settings.oidc_issuer:
        _create_oidc(app, service, pages)
    app.wsgi_app = harden(app.wsgi_app, service.settings.base_url)  # type: ignore[method-assign]
    return app


def _create_oidc(app: Flask, service: Service, pages: Pages) -> None:
    """Add the way in through the OpenID provider, whose libraries are an extra."""
    from awards.web.oidc import CALLBACK, House, add_oidc  # noqa: PLC0415
    from awards.web.provider import Provider  # noqa: PLC0415

    settings = service.settings
    redirect_uri = f"{settings.base_url}{CALLBACK}"
    provider = Provider(
        str(settings.oidc_issuer), str(settings.oidc_client_id), str(settings.oidc_client_secret), redirect_uri
    )
    house = House(
        identities=service.application.identities,
        pages=pages,
        secret=service.keys.secret("oidc"),
        clock=lambda: datetime.now(UTC),
        wait=lambda now: service.limits.take("sign_in", request.remote_addr or "", now),
    )
    pages.provider = settings.oidc_name
    add_oidc(app, provider, str(settings.oidc_name), house)
