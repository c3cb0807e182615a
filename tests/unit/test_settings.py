"""The environment becomes one checked object, or a clear refusal."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

import settings

PRODUCTION = {
    "DANGOL_ENV": "production",
    "DATABASE_URL": "postgresql://db/dangol",
    "PUBLIC_BASE_URL": "https://chat.example.com/",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_FROM": "+12025550123",
    **{name: f"{name}-long-enough-value" for name in settings.SECRET_NAMES},
}


def test_development_needs_nothing_and_keeps_the_secrets_it_makes(tmp_path: Path) -> None:
    first = settings.read({"DANGOL_HOME": str(tmp_path)})
    again = settings.read({"DANGOL_HOME": str(tmp_path)})
    assert first == again
    assert first.is_development
    assert len(first.secret_key) >= 32
    assert len({first.secret_key, first.write_key, first.browser_key, first.twilio_auth_token}) == 4
    for path in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.public_base_url == "http://localhost:8080"
    assert first.twilio_api_base_url == first.phone_url


def test_an_address_of_the_provider_given_from_outside_is_used(tmp_path: Path) -> None:
    given = {"DANGOL_HOME": str(tmp_path), "TWILIO_API_BASE_URL": "http://127.0.0.1:9999/"}
    assert settings.read(given).twilio_api_base_url == "http://127.0.0.1:9999"


def test_production_takes_what_it_is_given(tmp_path: Path) -> None:
    found = settings.read({**PRODUCTION, "DANGOL_HOME": str(tmp_path)})
    assert not found.is_development
    assert found.database_url == "postgresql+psycopg://db/dangol"
    assert found.public_base_url == "https://chat.example.com"
    assert found.twilio_api_base_url == "https://api.twilio.com"
    assert found.phone_url == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DANGOL_ENV"])
def test_production_refuses_to_start_without(tmp_path: Path, name: str) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != name}
    with pytest.raises(settings.SettingsError, match=name):
        settings.read({**given, "DANGOL_HOME": str(tmp_path)})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_BASE_URL", "http://chat.example.com"),
        ("DANGOL_SECRET_KEY", "changeme"),
        ("TWILIO_AUTH_TOKEN", "short"),
        ("DATABASE_URL", "sqlite:///dangol.db"),
        ("TWILIO_FROM", "Trailhead"),
        ("DANGOL_PORT", "eighty"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(settings.SettingsError, match=name):
        settings.read({**PRODUCTION, "DANGOL_HOME": str(tmp_path), name: value})


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    source = (settings.PROJECT / "settings.py").read_text(encoding="utf-8")
    example = (settings.PROJECT / ".env.example").read_text(encoding="utf-8")
    named = {
        line.lstrip("# ").split("=")[0]
        for line in example.splitlines()
        if "=" in line and line.lstrip("# ")[:1].isupper()
    }
    assert named
    assert all(f'"{name}"' in source for name in named)
    read = set(re.findall(r'"((?:DANGOL|TWILIO|DATABASE|PUBLIC)_[A-Z_]+)"', source))
    assert read == named


def test_keys_before_todays_are_listed_after_it(tmp_path: Path) -> None:
    given = {"DANGOL_SECRET_KEY": "third", "DANGOL_OLD_SECRET_KEYS": " second, first,"}
    found = settings.read({**given, "DANGOL_HOME": str(tmp_path)})
    assert found.secret_keys == ("third", "second", "first")
