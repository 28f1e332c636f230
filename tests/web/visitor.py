"""Somebody with a browser but no script: follows links, fills in forms, keeps cookies."""

from __future__ import annotations

from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header

HOPS = 12


class Forms(HTMLParser):
    """The forms of a page, each with its address and what is filled in; and the addresses it links to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str | None, dict[str, str]]] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((attributes.get("action"), {}))
        elif tag == "input" and self.forms and attributes.get("name") and attributes.get("type") != "submit":
            self.forms[-1][1][attributes["name"]] = attributes.get("value", "")
        elif tag == "a":
            self.links.append(attributes.get("href", ""))


class Visitor:
    """One browser; `page` is the answer it shows. A browser takes this machine for a secure place, and so does it."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.page = requests.Response()
        self.jar = RequestsCookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # ours is another jar

    def go(self, path: str, *, follow: bool = True) -> requests.Response:
        """Open an address, of the site or anywhere."""
        return self._load(requests.Request("GET", urljoin(self.site, path)), follow)

    def send(self, path: str, *, follow: bool = True, **fields: str) -> requests.Response:
        """Send a form of the site, as a browser does from one of its own pages."""
        own = {"Origin": self.site, "Sec-Fetch-Site": "same-origin"}
        return self._load(requests.Request("POST", urljoin(self.site, path), headers=own, data=fields), follow)

    def fill(self, **fields: str) -> requests.Response:
        """Fill in the form shown that has these fields, and send it; `answer`: the button pressed."""
        wanted = fields.keys() - {"answer"}
        for action, values in Forms(self.page.text).forms:
            if wanted <= values.keys():
                target = urljoin(self.page.url, action or self.page.url)
                return self._load(requests.Request("POST", target, data=values | fields), follow=True)
        raise AssertionError(f"no form with {sorted(wanted)} at {self.page.url}")

    def cookie(self, name: str) -> str | None:
        """What a cookie says; None when there is none."""
        return next((each.value for each in self.jar if each.name == name), None)

    def set_cookie(self, name: str, value: str) -> None:
        """Plant a cookie."""
        self.jar.set(name, value, domain="127.0.0.1", path="/", secure=True)

    def close(self) -> None:
        """Close the browser."""
        self._http.close()

    def _load(self, asked: requests.Request, follow: bool) -> requests.Response:
        for _ in range(HOPS):
            request = self._http.prepare_request(asked)
            if cookies := get_cookie_header(self.jar, request):
                request.headers["Cookie"] = cookies
            self.page = self._http.send(request, allow_redirects=False, timeout=30)
            extract_cookies_to_jar(self.jar, request, self.page.raw)
            if not follow or not self.page.is_redirect:
                return self.page
            asked = requests.Request("GET", urljoin(self.page.url, self.page.headers["Location"]))
        raise AssertionError("led in circles")
