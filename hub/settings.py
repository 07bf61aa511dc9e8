"""What can be set from outside: `LANGBENK_*` variables, or files of those names in a secrets directory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hub.errors import SetupError

PREFIX = "LANGBENK_"
BESIDE = frozenset({"LANGBENK_SAMPLES", "LANGBENK_SECRETS_DIR"})
"""Variables of that prefix which are not settings: where tests find samples, and where secrets are mounted."""


class Settings(BaseSettings):
    """Every setting of the hub with its default. Only `langbenk demo` may make up a master key or an issuer."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True)

    environment: Literal["test", "prod"] = Field("test", description="prod refuses synthetic numbers, test real ones")
    database_url: str = Field(
        "sqlite:///langbenk.db", repr=False, description="SQLAlchemy URL: sqlite or postgresql+psycopg"
    )
    broker_url: str = Field("memory://", repr=False, description="memory://, redis:// or amqp://")
    master_key: SecretStr | None = Field(None, description="base64 of 32 bytes; wraps every child's key")
    former_master_keys: SecretStr | None = Field(None, description="comma between; still open what they sealed")
    account: str | None = Field(None, description="the hub's own Fiks IO account (uuid); opens the AMQP door")
    issuer: str | None = Field(None, description="the one issuer of access tokens that is believed")
    audience: str = Field("https://langbenk.example", description="the audience a token must be meant for")
    jwks: str | None = Field(None, description="https URL or file with the issuer's public keys")
    token_leeway: int = Field(10, ge=0, le=120, description="seconds of clock difference allowed in a token")
    host: str = Field("127.0.0.1", description="address the API listens on")
    port: int = Field(8080, ge=0, le=65535, description="port the API listens on; 0 takes a free one")
    max_body: int = Field(10_000_000, ge=1_000, description="bytes; a larger request is refused unread (413)")
    intake_group: int = Field(64, ge=1, le=1_000, description="messages committed together at the door")
    intake_queue: int = Field(1_024, ge=1, description="messages that may wait for a commit before the API says 503")
    batch: int = Field(128, ge=1, le=1_000, description="parts or deliveries a worker takes in one transaction")
    sweep_seconds: float = Field(5.0, gt=0, description="how often work that stayed open is published again")
    retry_limit: int = Field(20, ge=1, description="tries before a delivery is set aside")
    document_days: int = Field(30, ge=0, description="days an incoming document is kept after it is processed")
    trace_sample: float = Field(0.0, ge=0, le=1, description="share of messages whose trace is kept; needs OTLP")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("WARNING", description="INFO adds the access log")
    content_log: Path | None = Field(None, description="file for faults with their words, which may be about people")
    metrics_port: int | None = Field(None, ge=0, le=65535, description="a worker's own port for /metrics and /livez")
    audit_hours: float = Field(24.0, gt=0, description="how often a sweeping worker reads the audit chains through")
    register_hours: float = Field(
        24.0, gt=0, description="how old what registers said of a child may be; older, it holds"
    )
    population_url: str | None = Field(None, description="Fiks folkeregister; without it facts come by the API alone")
    population_roles: str = Field("", description="municipality=role id at Fiks, comma between")
    population_integration: str = Field("", description="the hub's integration id at Fiks")
    population_password: SecretStr | None = Field(None, description="that integration's password")
    population_token_url: str = Field("", description="where the register's access token is fetched")
    population_client_id: str = Field("", description="OAuth2 client towards the register")
    population_client_secret: SecretStr | None = Field(None, description="that client's secret")
    population_key: SecretStr | None = Field(None, description="or its private RSA key, PEM or JWK, for Maskinporten")
    population_kid: str = Field("", description="the name that key is registered under; a JWK may say it itself")
    population_audience: str = Field("", description="the issuer a signed grant is for; the token address's root")
    population_resource: str = Field("", description="the API the token shall be for, where the issuer asks it")
    population_consumer_org: str = Field(
        "", description="organisation number on whose behalf it is asked, if another's"
    )
    population_scope: str = Field("ks:fiks", description="scope of that token")
    population_seconds: float = Field(60.0, gt=0, description="how often the register's events are read")
    view_days: int = Field(90, ge=1, description="days that what a system was sent is remembered, for its catching up")
    urgent_minutes: int = Field(60, ge=1, description="minutes a report or a danger may take before it is an alarm")
    delivery_days: int = Field(7, ge=1, description="days a delivery may wait for its receiver before it expires")

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` gathered: the environment is read in one place, so that origins are true."""
        return (init_settings,)

    def under(self, prefix: str) -> Mapping[str, str]:
        """The settings that begin with a word and a line, without it, secrets as they are and nothing as `""`."""
        found = {name: getattr(self, name) for name in type(self).model_fields if name.startswith(f"{prefix}_")}
        return {name.removeprefix(f"{prefix}_"): _plain(value) for name, value in found.items()}


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def load_settings(environ: Mapping[str, str] | None = None, **chosen: Any) -> Settings:
    """A command's options (`chosen`) come first, then the environment, then mounted secrets, then the defaults."""
    given = dict(os.environ if environ is None else environ)
    unknown = sorted(name for name in given if name.startswith(PREFIX) and not _known(name))
    if unknown:
        raise SetupError(f"unknown setting {', '.join(unknown)}: `langbenk config check` lists the known ones")
    try:
        return Settings(**{**_values(given), **chosen})
    except ValidationError as error:
        places = ", ".join(f"{PREFIX}{str(row['loc'][0]).upper()} ({row['msg']})" for row in error.errors())
        raise SetupError(f"setting cannot be used: {places}") from error


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of `langbenk config check`: a setting, its value with secrets masked, and where it came from."""

    name: str
    value: str
    origin: Literal["default", "environment", "secret file", "option"]
    about: str


def describe(settings: Settings, environ: Mapping[str, str] | None = None) -> list[SettingRow]:
    """Every setting with its origin. A secret, and a password inside a URL, is never shown."""
    given = dict(os.environ if environ is None else environ)
    files = _files(given)
    rows = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        origin = _origin(name, settings, given, files)
        rows.append(SettingRow(PREFIX + name.upper(), _masked(value), origin, field.description or ""))
    return rows


def _origin(
    name: str, settings: Settings, given: Mapping[str, str], files: Mapping[str, str]
) -> Literal["default", "environment", "secret file", "option"]:
    if given.get(PREFIX + name.upper()):
        return "environment"
    if name in files:
        return "secret file"
    return "option" if name in settings.model_fields_set else "default"


def _known(name: str) -> bool:
    return name in BESIDE or name.removeprefix(PREFIX).lower() in Settings.model_fields


def _values(given: Mapping[str, str]) -> dict[str, str]:
    values = _files(given)
    for name in Settings.model_fields:
        if given.get(PREFIX + name.upper()):
            values[name] = given[PREFIX + name.upper()]
    return values


def _files(given: Mapping[str, str]) -> dict[str, str]:
    folder = given.get("LANGBENK_SECRETS_DIR")
    if not folder:
        return {}
    found = {path.name.lower().removeprefix(PREFIX.lower()): path for path in Path(folder).glob("*") if path.is_file()}
    return {name: path.read_text().strip() for name, path in found.items() if name in Settings.model_fields}


def _masked(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, SecretStr):
        return "********"
    text = str(value)
    if "://" in text and "@" in text:
        scheme, rest = text.split("://", 1)
        return f"{scheme}://********@{rest.rsplit('@', 1)[1]}"
    return text
