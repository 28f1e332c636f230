"""Settings: defaults, what the environment may say, and a clear refusal by name for the rest."""

from pathlib import Path

import pytest

from awards.settings import InvalidSetting, Settings, documented

POSTGRES = {
    "AWARDS_DATABASE_URL": "postgresql://awards:hunter2@db/awards",
    "AWARDS_KEYS": "postgresql://awards:hunter2@db/keys",
    "AWARDS_KEY_FILE": "/etc/awards/key",
}


def test_an_empty_environment_is_enough() -> None:
    assert Settings.from_environment({}) == Settings(
        database_url="sqlite:///awards.db",
        keys_url="sqlite:///awards-keys.db",
        key_file=Path("awards-keys.key"),
        origin=None,
        host="127.0.0.1",
        port=8000,
        threads=32,
        max_body=262144,
        limits=1,
        proxies=0,
        production=False,
        base_url=None,
    )


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.from_environment(dict.fromkeys(documented(), "")) == Settings.from_environment({})


def test_every_variable_is_read() -> None:
    environment = {
        **POSTGRES,
        "AWARDS_ORIGIN": "awards.example.org/log",
        "AWARDS_HOST": "0.0.0.0",
        "AWARDS_PORT": "0",
        "AWARDS_THREADS": "4",
        "AWARDS_MAX_BODY": "65536",
        "AWARDS_LIMITS": "5",
        "AWARDS_PROXIES": "1",
        "AWARDS_PRODUCTION": "1",
        "AWARDS_BASE_URL": "https://awards.example.org/",
    }
    assert environment.keys() == documented().keys()
    assert Settings.from_environment(environment) == Settings(
        database_url="postgresql://awards:hunter2@db/awards",
        keys_url="postgresql://awards:hunter2@db/keys",
        key_file=Path("/etc/awards/key"),
        origin="awards.example.org/log",
        host="0.0.0.0",
        port=0,
        threads=4,
        max_body=65536,
        limits=5,
        proxies=1,
        production=True,
        base_url="https://awards.example.org",
    )


def test_keys_lie_beside_an_sqlite_database() -> None:
    settings = Settings.from_environment({"AWARDS_DATABASE_URL": "sqlite:////var/lib/awards/un.db"})
    assert settings.keys_url == "sqlite:////var/lib/awards/un-keys.db"
    assert settings.key_file == Path("/var/lib/awards/un-keys.key")


def test_a_password_is_not_shown() -> None:
    assert "hunter2" not in repr(Settings.from_environment(POSTGRES))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWARDS_DATABASE_URL", "mysql://db/awards"),
        ("AWARDS_DATABASE_URL", "sqlite://"),
        ("AWARDS_DATABASE_URL", "sqlite:///"),
        ("AWARDS_DATABASE_URL", "sqlite:///:memory:"),
        ("AWARDS_DATABASE_URL", "sqlite:///awards.db?mode=ro"),
        ("AWARDS_KEYS", "keys.db"),
        ("AWARDS_KEYS", "sqlite:///awards.db"),
        ("AWARDS_ORIGIN", "two words"),
        ("AWARDS_ORIGIN", "plus+sign"),
        ("AWARDS_ORIGIN", "récompenses.example.org"),
        ("AWARDS_PORT", "http"),
        ("AWARDS_PORT", "65536"),
        ("AWARDS_PORT", "-1"),
        ("AWARDS_PORT", "٨٠"),
        ("AWARDS_THREADS", "0"),
        ("AWARDS_MAX_BODY", "1.5"),
        ("AWARDS_LIMITS", "off"),
        ("AWARDS_PROXIES", "11"),
        ("AWARDS_PRODUCTION", "yes"),
        ("AWARDS_BASE_URL", "awards.example.org"),
        ("AWARDS_BASE_URL", "https://"),
        ("AWARDS_BASE_URL", "https://awards.example.org:http"),
        ("AWARDS_BASE_URL", "https://awards.example.org/?a=b"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=rf"^{name} ") as refused:
        Settings.from_environment({name: value})
    assert refused.value.name == name


@pytest.mark.parametrize("name", ["AWARDS_KEYS", "AWARDS_KEY_FILE"])
def test_postgresql_needs_to_be_told_where_the_keys_are(name: str) -> None:
    with pytest.raises(InvalidSetting, match=f"^{name} is needed"):
        Settings.from_environment({key: value for key, value in POSTGRES.items() if key != name})
