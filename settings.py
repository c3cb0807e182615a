"""Environment → one frozen, checked object. Reads the environment only when asked; imports none of
our packages, so every process can use it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

PROJECT = Path(__file__).resolve().parent

# Written down here and refused in production, so that nobody goes live with the demo's values.
DEVELOPMENT_ACCOUNT_SID = "AC" + "0" * 32
DEVELOPMENT_FROM = "+15005550006"
PLACEHOLDERS = frozenset({"changeme", "change-me", "secret", "password", "test", "xxx"})
SECRET_NAMES = ("DANGOL_SECRET_KEY", "DANGOL_WRITE_KEY", "DANGOL_BROWSER_KEY", "TWILIO_AUTH_TOKEN")


class SettingsError(Exception):
    """The environment holds a value Dangol cannot start with."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the environment decides. `read` builds it; nothing else does."""

    environment: Literal["development", "production"]
    """`production` only when DANGOL_ENV says so."""
    home: Path
    """DANGOL_HOME: embedded database, models, logs, generated secrets."""
    shop: str
    """DANGOL_SHOP: which shop adapter feeds the catalogue (`demo` or `empty`)."""
    port: int
    """Port of the one public listener."""
    database_url: str
    """SQLAlchemy URL (postgresql+psycopg://…); empty until the embedded server has started."""
    public_base_url: str
    """Where customers and providers reach the web part; no trailing slash."""
    twilio_account_sid: str
    """Account the Twilio SDK signs in with."""
    twilio_auth_token: str
    """Signs webhooks and authenticates the SDK."""
    twilio_from: str
    """Sender: an E.164 number or a messaging service id (MG…)."""
    twilio_api_base_url: str
    """Where the Twilio SDK sends its requests; in development the local fake."""
    secret_key: str
    """Seals addresses, signs callbacks and shop log-ins of the demo."""
    old_secret_keys: tuple[str, ...]
    """Keys before today's: what they have sealed and signed still opens and holds."""
    write_key: str
    """Server-side key of the event API."""
    browser_key: str
    """Browser key of the event API: hints only."""
    phone_url: str
    """Development: where the local fake of the SMS provider listens; else empty."""
    sites: frozenset[str]
    """DANGOL_SITES: addresses of the shop's pages that may call the event API from a browser."""
    send_only_to: frozenset[str]
    """Staging: the only numbers that may be sent to; empty means no limit."""

    @property
    def is_development(self) -> bool:
        """True unless DANGOL_ENV=production."""
        return self.environment == "development"

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Today's secret key, then those before it."""
        return (self.secret_key, *self.old_secret_keys)


def read(environ: Mapping[str, str] | None = None, *, port: int | None = None) -> Settings:
    """Build the settings from `environ` (default: the process's own).

    In development missing secrets are made once and kept (mode 0600) in DANGOL_HOME.
    Raises SettingsError naming the variable and what to do.
    """
    env = os.environ if environ is None else environ
    environment = _environment(env)
    home = Path(env.get("DANGOL_HOME") or PROJECT / ".dangol").expanduser().absolute()
    chosen_port = port if port is not None else _port(env)
    secret = _secrets(env, home, development=environment == "development")
    base = env.get("PUBLIC_BASE_URL") or f"http://localhost:{chosen_port}"
    production = environment == "production"
    local_fake = env.get("DANGOL_PHONE_URL") or f"http://127.0.0.1:{chosen_port + 1}"
    phone_url = "" if production else local_fake.rstrip("/")
    if production and not base.startswith("https://"):
        raise SettingsError("PUBLIC_BASE_URL must start with https:// in production.")
    return Settings(
        environment="production" if production else "development",
        home=home,
        shop=env.get("DANGOL_SHOP") or "demo",
        port=chosen_port,
        database_url=_database_url(env, production=production),
        public_base_url=base.rstrip("/"),
        twilio_account_sid=_twilio_sid(env, production=production),
        twilio_auth_token=secret["TWILIO_AUTH_TOKEN"],
        twilio_from=_twilio_from(env, production=production),
        twilio_api_base_url=_twilio_api(env, phone_url).rstrip("/"),
        secret_key=secret["DANGOL_SECRET_KEY"],
        old_secret_keys=_listed(env.get("DANGOL_OLD_SECRET_KEYS", "")),
        write_key=secret["DANGOL_WRITE_KEY"],
        browser_key=secret["DANGOL_BROWSER_KEY"],
        phone_url=phone_url,
        sites=frozenset(_listed(env.get("DANGOL_SITES", ""))),
        send_only_to=frozenset(_listed(env.get("DANGOL_SEND_ONLY_TO", ""))),
    )


def _listed(value: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in value.split(",") if one.strip())


def _environment(env: Mapping[str, str]) -> str:
    value = env.get("DANGOL_ENV") or "development"
    return "production" if value == "production" else "development"


def _port(env: Mapping[str, str]) -> int:
    value = env.get("DANGOL_PORT") or "8080"
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise SettingsError(f"DANGOL_PORT must be a port number from 1 to 65535, not {value!r}.")
    return int(value)


def _database_url(env: Mapping[str, str], *, production: bool) -> str:
    url = env.get("DATABASE_URL", "")
    if not url:
        if production:
            raise SettingsError("DATABASE_URL is missing: production needs a PostgreSQL server.")
        return ""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise SettingsError("DATABASE_URL must be a postgresql:// URL; no other database is used.")
    return f"postgresql+psycopg://{rest}"


def _twilio_sid(env: Mapping[str, str], *, production: bool) -> str:
    value = env.get("TWILIO_ACCOUNT_SID", "")
    if not value and production:
        raise SettingsError("TWILIO_ACCOUNT_SID is missing: it stands on the Twilio console.")
    return value or DEVELOPMENT_ACCOUNT_SID


def _twilio_from(env: Mapping[str, str], *, production: bool) -> str:
    value = env.get("TWILIO_FROM", "")
    if not value and production:
        raise SettingsError("TWILIO_FROM is missing: an E.164 number or a service id (MG…).")
    if value and not (value.startswith("MG") or (value[0] == "+" and value[1:].isdigit())):
        raise SettingsError("TWILIO_FROM must be an E.164 number (+1…) or a service id (MG…).")
    return value or DEVELOPMENT_FROM


def _twilio_api(env: Mapping[str, str], phone_url: str) -> str:
    return env.get("TWILIO_API_BASE_URL") or phone_url or "https://api.twilio.com"


def _secrets(env: Mapping[str, str], home: Path, *, development: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in SECRET_NAMES:
        value = env.get(name, "")
        if not value and development:
            value = _kept_secret(home, name)
        if not value:
            raise SettingsError(f"{name} is missing: production needs it in the environment.")
        if not development and (len(value) < 16 or value.lower() in PLACEHOLDERS):
            raise SettingsError(f"{name} is a placeholder or too short: give at least 16 letters.")
        found[name] = value
    return found


def _kept_secret(home: Path, name: str) -> str:
    folder = home / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name.lower()
    if not path.exists():
        _keep(path, secrets.token_urlsafe(32))
    kept = path.read_text(encoding="utf-8").strip()
    if not kept:
        raise SettingsError(f"{path} is empty: delete it and start again.")
    return kept


def _keep(path: Path, value: str) -> None:
    """Write `value` unless another process was first; readers never see half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
