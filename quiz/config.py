"""Settings from the environment, read and checked once at start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL, make_url


class SettingsError(Exception):
    """A setting is missing or cannot be used; the text says which and what to do."""


@dataclass(frozen=True)
class Site:
    """What the district puts its name under: shown in the footer and in the privacy notice."""

    name: str = "质量知识竞赛"
    host: str = ""  # 主办
    organiser: str = ""  # 承办
    contact: str = ""
    phone: str = ""
    icp: str = ""  # ICP 备案号
    police: str = ""  # 公安备案号


@dataclass(frozen=True)
class Settings:
    """Everything the platform can be told from outside; the defaults are safe for one machine."""

    database_url: URL
    secret_key: str
    instance_path: Path
    public_url: str
    production: bool = False
    rate_limits: bool = True
    accounts_per_phone: int = 1
    most_upload_bytes: int = 20 * 1024 * 1024
    trusted_proxies: int = 0
    metrics_token: str = ""
    site: Site = field(default_factory=Site)

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


def settings_from(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read all settings; raises SettingsError with one sentence when one cannot be used."""
    production = environ.get("ENV", "") == "production"
    instance = Path(environ.get("INSTANCE_PATH") or "instance").resolve()
    rate_limits = environ.get("RATE_LIMITS", "on").lower() not in ("off", "0", "no", "false")
    if production and not rate_limits:
        raise SettingsError("RATE_LIMITS=off is for measuring only and is refused with ENV=production.")
    try:
        instance.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"INSTANCE_PATH: {instance} cannot be made ({error.strerror}).") from error
    return Settings(
        database_url=_database_url(environ.get("DATABASE_URL", ""), instance),
        secret_key=_secret_key(environ.get("SECRET_KEY", ""), instance, production),
        instance_path=instance,
        public_url=_public_url(environ),
        production=production,
        rate_limits=rate_limits,
        accounts_per_phone=_whole(environ, "ACCOUNTS_PER_PHONE", 1, least=1),
        trusted_proxies=_whole(environ, "TRUSTED_PROXIES", 0, least=0),
        metrics_token=environ.get("METRICS_TOKEN", ""),
        site=Site(
            name=environ.get("SITE_NAME") or Site.name,
            host=environ.get("SITE_HOST", ""),
            organiser=environ.get("SITE_ORGANISER", ""),
            contact=environ.get("SITE_CONTACT", ""),
            phone=environ.get("SITE_PHONE", ""),
            icp=environ.get("SITE_ICP", ""),
            police=environ.get("SITE_POLICE", ""),
        ),
    )


def _public_url(environ: Mapping[str, str]) -> str:
    if environ.get("PUBLIC_URL"):
        return environ["PUBLIC_URL"].rstrip("/")
    return f"http://{environ.get('HOST') or '127.0.0.1'}:{environ.get('PORT') or '8000'}"


def _database_url(text: str, instance: Path) -> URL:
    """``postgresql://…`` as it is usually written gets the driver we ship; without a setting, SQLite."""
    if not text:
        return URL.create("sqlite", database=str(instance / "quiz.sqlite3"))
    try:
        url = make_url(text)
    except Exception as error:
        raise SettingsError("DATABASE_URL cannot be read; write it as postgresql://user:password@host/name.") from error
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise SettingsError(f"DATABASE_URL names {url.drivername}; PostgreSQL and SQLite are what this runs on.")
    return url


def _secret_key(given: str, instance: Path, production: bool) -> str:
    """The given key; on one machine one that is made once and kept for all workers, readable by the owner only."""
    if given:
        return given
    if production:
        raise SettingsError("SECRET_KEY is missing; with ENV=production it must be set and be the same on every node.")
    kept = instance / "secret_key"
    if not kept.exists():
        draft = instance / f"secret_key.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, kept)  # fails when another worker was first, whose key then counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text().strip()


def _whole(environ: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise SettingsError(f"{name} must be a whole number from {least} up, not {text!r}.")
    return int(text)
