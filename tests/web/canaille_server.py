"""A real OpenID provider for the tests: canaille, in a process of its own, with its data in memory.

    python -m tests.web.canaille_server REDIRECT_URI    prints its issuer, and serves until it is terminated

It knows one client, which is not trusted, so that people are asked for their consent, and two people.
"""

from __future__ import annotations

import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT_ID, CLIENT_SECRET = "awards", "the-secret-of-the-client"
PEOPLE = {"ada": "correct horse battery", "grace": "another staple entirely"}
CONFIGURATION = {
    "SECRET_KEY": "of the tests alone, and long enough",
    "CANAILLE": {"NAME": "Example ID", "DATABASE": "memory"},
    "CANAILLE_OIDC": {},
}


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Write nothing."""


def main(redirect_uri: str) -> None:
    """Serve on a free port of this machine."""
    app = create_app(CONFIGURATION, env_file="")
    with app.app_context():
        for name, password in PEOPLE.items():
            person = models.User(formatted_name=name.title(), family_name=name.title(), user_name=name)
            person.emails, person.password = [f"{name}@example.org"], password
            Backend.instance.save(person)
        client = models.Client(
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            client_name="Awards",
            client_uri="https://awards.example.org",
            redirect_uris=[redirect_uri],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid"],
            token_endpoint_auth_method="client_secret_basic",
        )
        Backend.instance.save(client)
        client.audience = [client]  # what its ID tokens say they are for; it must be known before
        Backend.instance.save(client)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    print(f"http://127.0.0.1:{server.port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
