"""The one settings object: every setting's name, default and meaning, written down once.

`venue-taste doctor` and the README's table are generated from these field descriptions. Settings come from
the environment; `resources.doctor` checks that what they point at works. No connection is opened here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from resources.encoders.spec import with_absolute_folder
from resources.errors import SetupError

_CONTACT: Final = re.compile(r"(https?://|mailto:)[!-'*-~]+")
"""What fits in the brackets of a User-Agent header."""

_MAIL_ADDRESS: Final = re.compile(r"[!-'*-9;-?A-~]+@[!-'*-9;-?A-~]+")
_CODE: Final = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """What an operator may set, read from environment variables of the same names in capitals."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True, case_sensitive=False)

    venue_taste_home: Path = Field(
        default=Path(".venue-taste"),
        description="Folder for everything kept on this machine: embedded Postgres, photos, Dagster's files. "
        "The default lies in the project's folder.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="Postgres (15 or newer, with pgvector 0.8 or newer) for the tables. Unset: embedded Postgres.",
    )
    dagster_database_url: SecretStr | None = Field(
        default=None,
        description="Postgres database for Dagster's own storage. Unset: database `dagster` on the same server.",
    )
    photo_store_url: str | None = Field(
        default=None,
        description="Where photographs are kept: a folder, `s3://bucket/prefix` or `gs://bucket/prefix`. "
        "Unset: `photos` in VENUE_TASTE_HOME.",
    )
    venue_list: str | None = Field(
        default=None,
        description="List of venue sites, CSV or JSON with `site_url`: a path or any fsspec URL. "
        "Unset: venues come from `venue-taste venues add` only.",
    )
    crawl_host_map: Path | None = Field(
        default=None,
        description="JSON file, host to `127.0.0.1:PORT`: those sites are fetched there, past the address checks. "
        "For demos and staging mirrors.",
    )
    crawl_contact: str | None = Field(
        default=None,
        description="Where site owners reach you, `https://...` or `mailto:...`: the crawler's User-Agent says it. "
        "Set it before you crawl sites that are not yours.",
    )
    image_encoder: str = Field(
        default="open_clip:ViT-B-32/laion2b_s34b_b79k",
        description="Image encoder: `open_clip:MODEL/TAG`, `open_clip:hf-hub:ORG/NAME`, "
        "`open_clip:local-dir:PATH` or `python:package.module:factory`.",
    )
    text_encoder: str = Field(
        default="sentence-transformers:nomic-ai/nomic-embed-text-v1.5",
        description="Text encoder: `sentence-transformers:NAME`, `ollama:NAME`, `openai:NAME`, `lexical` "
        "(no weights) or `python:package.module:factory`.",
    )
    text_encoder_base_url: str | None = Field(
        default=None,
        description="Server of an `ollama:` or `openai:` text encoder. Unset: http://localhost:11434, or OpenAI's own.",
    )
    text_encoder_api_key: SecretStr | None = Field(
        default=None, description="API key of the text encoder's server, if it wants one."
    )
    text_embedding_dim: int | None = Field(
        default=None,
        ge=1,
        description="Dimensions of text vectors, for models trained to be cut (Matryoshka). Unset: all of them.",
    )
    encoder_precision: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto",
        description="Precision of encoders that run here: `auto` is bfloat16 where the device computes in it.",
    )
    index_min_rows: int = Field(
        default=10_000, ge=20, description="Vectors of a space from which an HNSW index is built; fewer are scanned."
    )
    index_target_recall: float = Field(
        default=0.95, gt=0, le=1, description="Share of the true 20 nearest that a search by index must find."
    )
    index_build_memory_mb: int = Field(
        default=1024, ge=64, description="Memory that the server may use for building an index, in MB."
    )
    index_build_workers: int = Field(
        default=2, ge=0, le=64, description="Parallel workers of the server for building an index."
    )
    language_model: str = Field(
        default="extractive",
        description="Summaries: `extractive` (no model), `ollama:NAME`, `openai:NAME` or `anthropic:NAME`.",
    )
    language_model_base_url: str | None = Field(
        default=None,
        description="Server of the language model. Unset: the provider's own, or http://localhost:11434 for Ollama.",
    )
    language_model_api_key: SecretStr | None = Field(
        default=None, description="API key for an `openai:` or `anthropic:` language model."
    )
    language_model_concurrency: int = Field(
        default=4, ge=1, le=256, description="Questions that may be with the language model at one time."
    )
    language_model_timeout: float = Field(
        default=300.0,
        gt=0,
        description="Seconds for one answer of the language model, waits for a busy server included.",
    )
    pinterest_app_id: str | None = Field(default=None, description="Pinterest app id, to read people's boards.")
    pinterest_app_secret: SecretStr | None = Field(default=None, description="Pinterest app secret.")
    pinterest_api_url: str = Field(
        default="https://api.pinterest.com/v5", description="Pinterest API v5; the demo world serves its own."
    )
    pinterest_oauth_url: str = Field(
        default="https://www.pinterest.com/oauth/", description="Where people allow the Pinterest app to read boards."
    )
    pinterest_poll_minutes: float = Field(
        default=60.0,
        gt=0,
        description="Minutes between two looks at the boards of people who pin at present; others wait up to 24 times "
        "as long.",
    )
    pinterest_image_width: int = Field(
        default=1200, ge=200, description="Pixels: a pin's picture is the widest that is offered up to this."
    )
    pinterest_concurrency: int = Field(
        default=8, ge=1, le=12, description="People whose boards are read at one time by one run."
    )
    token_key: SecretStr | None = Field(
        default=None,
        description="Fernet key (32 bytes, url-safe base64) that encrypts Pinterest tokens at rest; of several, "
        "separated by commas, the first encrypts. Needed once Pinterest is configured.",
    )
    pin_retention: Literal["minimal", "full"] = Field(
        default="minimal",
        description="`minimal` keeps pin ids, times and vectors; `full` also keeps titles, texts and image files.",
    )
    alert_webhook_url: SecretStr | None = Field(
        default=None,
        description="Where a failed run is told of: JSON with `text`, as chat services take it, is POSTed there.",
    )
    lookbook_host: str = Field(
        default="127.0.0.1",
        description="Address the lookbook listens on. Any but this machine's own needs LOOKBOOK_TOKEN.",
    )
    lookbook_port: int = Field(default=3080, ge=0, le=65535, description="Its port; 0 is any that is free.")
    lookbook_token: SecretStr | None = Field(
        default=None,
        min_length=32,
        description="Secret of 32 characters or more that signs sessions and links, and opens the API to your servers. "
        "Unset: whoever sits at this machine may choose a person.",
    )
    lookbook_database_url: SecretStr | None = Field(
        default=None,
        description="Postgres login for the lookbook, a member of `venue_taste_reader` and `venue_taste_app`. "
        "Unset: that of the tables, which takes on those roles.",
    )
    lookbook_requests_per_minute: int = Field(
        default=600,
        ge=1,
        description="Requests that one address may send to the lookbook in a minute; ten pictures are one, "
        "a refinement is five, coming in by a link is twenty.",
    )

    @model_validator(mode="before")
    @classmethod
    def _home_of_the_project(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Place the default home: cron or systemd, which work elsewhere, must not find an empty one."""
        is_checkout = (_CODE / "pyproject.toml").is_file()
        default = cls.model_fields["venue_taste_home"].default
        return {"venue_taste_home": _CODE / default if is_checkout else default, **given}

    @field_validator("crawl_contact")
    @classmethod
    def _reachable(cls, contact: str | None) -> str | None:
        if contact is None or _CONTACT.fullmatch(contact):
            return contact
        example = f"mailto:{contact}" if _MAIL_ADDRESS.fullmatch(contact) else "https://... or mailto:..."
        raise PydanticCustomError("contact", "write {example}", {"example": example})

    # Every process of a run must agree on a place, whatever directory it works in.
    @field_validator("venue_taste_home", "crawl_host_map")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()

    @field_validator("photo_store_url", "venue_list")
    @classmethod
    def _absolute_location(cls, location: str | None) -> str | None:
        return None if location is None else absolute_location(location)

    @field_validator("image_encoder", "text_encoder")
    @classmethod
    def _absolute_folder(cls, encoder: str) -> str:
        return with_absolute_folder(encoder)

    @property
    def photo_store(self) -> str:
        """URL or path of the photo store, with the default filled in."""
        return self.photo_store_url or str(self.venue_taste_home / "photos")

    def places(self) -> dict[str, str]:
        """The settings that may name places and are set, as environment variables for child processes, all absolute."""
        names = (
            "venue_taste_home", "photo_store_url", "venue_list", "crawl_host_map", "image_encoder", "text_encoder",
        )  # fmt: skip
        return {name.upper(): str(getattr(self, name)) for name in names if getattr(self, name) is not None}


def absolute_location(location: str) -> str:
    """A folder or file however it is written (`~`, relative, `file://`) as an absolute path; another URL as it is."""
    _, separator, rest = location.partition("://")
    if separator and not location.startswith(("file://", "local://")):
        return location
    path = rest if separator else location.removeprefix("file:")
    return str(Path(path).expanduser().absolute())


SECRET_VARIABLES: Final = (
    "DAGSTER_POSTGRES_URL",
    *(name.upper() for name, field in Settings.model_fields.items() if field.annotation == SecretStr | None),
)
"""Environment variables that hold credentials, for processes that must not see them."""


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of the settings table; `value` is masked when it is a secret."""

    name: str
    default: str
    meaning: str
    value: str


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SetupError: a value is not of its kind; the message names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(part) for part in item['loc']).upper()}: {item['msg']}" for item in error.errors()
        )
        raise SetupError(f"a setting cannot be used: {problems}", "correct the environment variable") from error


def setting_rows(settings: Settings) -> Iterator[SettingRow]:
    """Every setting with its default, meaning and present value, in the order they are declared."""
    for name, field in Settings.model_fields.items():
        default = "unset" if field.default is None else str(field.default)
        value = getattr(settings, name)
        shown = "unset" if value is None else str(value)  # SecretStr prints as asterisks
        yield SettingRow(name.upper(), default, field.description or "", shown)
