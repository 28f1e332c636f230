"""Settings: defaults, what the environment may say, and a clear refusal by name for the rest."""

import sys
from pathlib import Path

import pytest

from awards.settings import InvalidSetting, Settings, documented

POSTGRES = {
    "AWARDS_DATABASE_URL": "postgresql://awards:hunter2@db/awards",
    "AWARDS_KEYS": "postgresql://awards:hunter2@db/keys",
    "AWARDS_KEY_FILE": "/etc/awards/key",
}

OIDC = {
    "AWARDS_OIDC_ISSUER": "https://login.example.org/tenant",
    "AWARDS_OIDC_CLIENT_ID": "awards",
    "AWARDS_OIDC_CLIENT_SECRET": "hunter3",
    "AWARDS_OIDC_NAME": "Example",
}


def test_an_empty_environment_is_enough() -> None:
    assert Settings.from_environment({}) == Settings(
        database_url="sqlite:///awards.db",
        keys_url="sqlite:///awards-keys.db",
        key_file=Path("awards-keys.key"),
        origin=None,
        log_store=Path("awards-log"),
        log_key=Path("awards-log.key"),
        witness_policy=None,
        tsa=None,
        host="127.0.0.1",
        port=8000,
        threads=32,
        max_body=262144,
        limits=1,
        proxies=0,
        production=False,
        oidc_issuer=None,
        oidc_client_id=None,
        oidc_client_secret=None,
        oidc_name=None,
        base_url=None,
        smtp_url=None,
        mail_from=None,
    )


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.from_environment(dict.fromkeys(documented(), "")) == Settings.from_environment({})


def test_every_variable_is_read() -> None:
    environment = {
        **POSTGRES,
        "AWARDS_ORIGIN": "awards.example.org/log",
        "AWARDS_LOG_STORE": "/srv/awards/log",
        "AWARDS_LOG_KEY": "/etc/awards/log.key",
        "AWARDS_WITNESS_POLICY": "/etc/awards/policy",
        "AWARDS_TSA": "http://tsa.example.org/stamp",
        "AWARDS_HOST": "0.0.0.0",
        "AWARDS_PORT": "0",
        "AWARDS_THREADS": "4",
        "AWARDS_MAX_BODY": "65536",
        "AWARDS_LIMITS": "5",
        "AWARDS_PROXIES": "1",
        "AWARDS_PRODUCTION": "1",
        **OIDC,
        "AWARDS_BASE_URL": "https://awards.example.org/",
        "AWARDS_SMTP": "smtp://awards:hunter2@mail.example.org:587",
        "AWARDS_MAIL_FROM": "Awards <awards@example.org>",
    }
    assert environment.keys() == documented().keys()
    assert Settings.from_environment(environment) == Settings(
        database_url="postgresql://awards:hunter2@db/awards",
        keys_url="postgresql://awards:hunter2@db/keys",
        key_file=Path("/etc/awards/key"),
        origin="awards.example.org/log",
        log_store=Path("/srv/awards/log"),
        log_key=Path("/etc/awards/log.key"),
        witness_policy=Path("/etc/awards/policy"),
        tsa="http://tsa.example.org/stamp",
        host="0.0.0.0",
        port=0,
        threads=4,
        max_body=65536,
        limits=5,
        proxies=1,
        production=True,
        oidc_issuer="https://login.example.org/tenant",
        oidc_client_id="awards",
        oidc_client_secret="hunter3",
        oidc_name="Example",
        base_url="https://awards.example.org",
        smtp_url="smtp://awards:hunter2@mail.example.org:587",
        mail_from="Awards <awards@example.org>",
    )


@pytest.mark.parametrize("name", ["AWARDS_WITNESS_POLICY", "AWARDS_TSA"])
def test_what_stands_behind_checkpoints_needs_a_checkpoint_store(name: str) -> None:
    with pytest.raises(InvalidSetting, match=f"^{name} means nothing without AWARDS_LOG_STORE"):
        Settings.from_environment({**POSTGRES, name: "http://there.example.org"})


@pytest.mark.parametrize(
    "url",
    ["tsa.example.org", "ftp://tsa.example.org", "http://", "http://u@tsa.example.org", "http://t.example.org/#a"],
)
def test_the_address_of_an_authority_for_time_stamps_is_one_of_the_web(url: str) -> None:
    with pytest.raises(InvalidSetting, match=r"^AWARDS_TSA must look like https://tsa\.example\.org/stamp"):
        Settings.from_environment({"AWARDS_TSA": url})


def test_keys_lie_beside_an_sqlite_database() -> None:
    settings = Settings.from_environment({"AWARDS_DATABASE_URL": "sqlite:////var/lib/awards/un.db"})
    assert settings.keys_url == "sqlite:////var/lib/awards/un-keys.db"
    assert settings.key_file == Path("/var/lib/awards/un-keys.key")


def test_checkpoints_lie_beside_an_sqlite_database_and_nowhere_on_postgresql_unless_it_is_said() -> None:
    settings = Settings.from_environment({"AWARDS_DATABASE_URL": "sqlite:////var/lib/awards/un.db"})
    assert (settings.log_store, settings.log_key) == (
        Path("/var/lib/awards/un-log"),
        Path("/var/lib/awards/un-log.key"),
    )
    settings = Settings.from_environment(POSTGRES)
    assert (settings.log_store, settings.log_key) == (None, None)
    settings = Settings.from_environment({**POSTGRES, "AWARDS_LOG_STORE": "/srv/log"})
    assert (settings.log_store, settings.log_key) == (Path("/srv/log"), Path("/srv/log.key"))
    with pytest.raises(InvalidSetting, match=r"^AWARDS_LOG_KEY means nothing without AWARDS_LOG_STORE"):
        Settings.from_environment({**POSTGRES, "AWARDS_LOG_KEY": "/srv/log.key"})


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


MAIL = {"AWARDS_MAIL_FROM": "awards@example.org", "AWARDS_BASE_URL": "https://awards.example.org"}


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://awards:hunter2@mail.example.org",
        "smtp://",
        "smtp://awards:hunter2@mail.example.org/path",
        "smtp://awards:hunter2@mail.example.org?tls=on",
        "smtp://awards:hunter2@mail.example.org:0",
        "smtp://awards:hunter2@mail.example.org:port",
    ],
)
def test_an_unusable_mail_server_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(InvalidSetting, match=r"^AWARDS_SMTP ") as refused:
        Settings.from_environment({**MAIL, "AWARDS_SMTP": url})
    assert "hunter2" not in str(refused.value)


def test_the_password_of_the_mail_server_is_not_shown() -> None:
    settings = Settings.from_environment({**MAIL, "AWARDS_SMTP": "smtp://awards:hunter2@mail.example.org"})
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("name", list(MAIL))
def test_mail_needs_a_sender_and_an_address_to_point_to(name: str) -> None:
    environment = {**MAIL, "AWARDS_SMTP": "smtp://mail.example.org", name: ""}
    with pytest.raises(InvalidSetting, match=f"^{name} is needed"):
        Settings.from_environment(environment)


@pytest.mark.parametrize(
    "sender",
    [
        "awards",
        "awards@",
        "Awards awards@example.org",
        "a@b.org, c@d.org",
        "Awards\n <a@b.org>",
        "A <a@b.org>\r\nBcc: x@y.org",
    ],
)
def test_a_sender_is_one_mailbox_on_one_line(sender: str) -> None:
    with pytest.raises(InvalidSetting, match=r"^AWARDS_MAIL_FROM "):
        Settings.from_environment({"AWARDS_MAIL_FROM": sender})


SITE = {"AWARDS_BASE_URL": "https://awards.example.org"}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"AWARDS_OIDC_CLIENT_ID": ""}, "AWARDS_OIDC_CLIENT_ID"),
        ({"AWARDS_OIDC_CLIENT_SECRET": ""}, "AWARDS_OIDC_CLIENT_SECRET"),
        ({"AWARDS_BASE_URL": ""}, "AWARDS_BASE_URL"),
        ({"AWARDS_OIDC_ISSUER": "", "AWARDS_OIDC_NAME": ""}, "AWARDS_OIDC_CLIENT_ID"),
        ({"AWARDS_OIDC_ISSUER": "http://login.example.org"}, "AWARDS_OIDC_ISSUER"),
        ({"AWARDS_OIDC_ISSUER": "login.example.org"}, "AWARDS_OIDC_ISSUER"),
        ({"AWARDS_OIDC_ISSUER": "https://"}, "AWARDS_OIDC_ISSUER"),
        ({"AWARDS_OIDC_ISSUER": "https://me:pw@login.example.org"}, "AWARDS_OIDC_ISSUER"),
        ({"AWARDS_OIDC_ISSUER": "https://login.example.org/?a"}, "AWARDS_OIDC_ISSUER"),
        ({"AWARDS_OIDC_ISSUER": "https://login.example.org/#"}, "AWARDS_OIDC_ISSUER"),
        ({"AWARDS_OIDC_ISSUER": "https://[::1"}, "AWARDS_OIDC_ISSUER"),
    ],
)
def test_an_openid_provider_is_set_up_wholly_or_not_at_all(changed: dict[str, str], named: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        Settings.from_environment({**OIDC, **SITE, **changed})
    assert refused.value.name == named
    assert "hunter3" not in str(refused.value)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9000/", "http://localhost", "http://[::1]:1/a"])
def test_on_this_machine_an_openid_provider_may_do_without_tls(issuer: str) -> None:
    settings = Settings.from_environment({**OIDC, **SITE, "AWARDS_OIDC_ISSUER": issuer})
    assert settings.oidc_issuer == issuer


def test_an_openid_provider_goes_by_its_host_unless_it_has_a_name() -> None:
    assert Settings.from_environment({**OIDC, **SITE, "AWARDS_OIDC_NAME": ""}).oidc_name == "login.example.org"


def test_the_secret_of_the_client_stays_out_of_repr() -> None:
    assert "hunter3" not in repr(Settings.from_environment({**OIDC, **SITE}))


@pytest.mark.parametrize("library", ["authlib", "joserfc", "requests"])
def test_without_its_libraries_an_openid_provider_is_refused(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(InvalidSetting, match=r"AWARDS_OIDC_ISSUER needs .*\.\[oidc\]"):
        Settings.from_environment({**OIDC, **SITE})
