"""From settings to encoders: each kind, plug-ins good and bad, one object per process."""

from __future__ import annotations

from pathlib import Path

import pytest

from resources.encoders.lexical import LexicalEncoder
from resources.encoders.load import image_encoder, text_encoder
from resources.encoders.open_clip_encoder import OpenClipEncoder
from resources.encoders.sentence_transformers_encoder import SentenceTransformersEncoder
from resources.encoders.spec import IMAGE_SETTING, TEXT_SETTING, EncoderSpec, parse_spec
from resources.encoders_resource import EncodersResource
from resources.errors import SetupError
from resources.settings import Settings, load_settings
from tests.plugins.colours import ColourEncoder


def test_the_defaults_are_the_documented_models() -> None:
    assert isinstance(image_encoder(load_settings()), OpenClipEncoder)
    assert isinstance(text_encoder(load_settings()), SentenceTransformersEncoder)


def test_one_encoder_per_process_and_setting(tiny_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGE_ENCODER", f"open_clip:local-dir:{tiny_clip}")
    first = image_encoder(load_settings())
    monkeypatch.setenv("VENUE_LIST", "/another/setting.csv")
    assert image_encoder(load_settings()) is first
    monkeypatch.setenv("ENCODER_PRECISION", "float32")
    assert image_encoder(load_settings()) is not first


def test_the_resource_overrides_settings() -> None:
    resource = EncodersResource(image="python:tests.plugins.colours:encoder", text="lexical")
    assert isinstance(resource.image_encoder(), ColourEncoder)
    assert isinstance(resource.text_encoder(), LexicalEncoder)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("python:tests.plugins.nowhere:encoder", "cannot be imported"),
        ("python:tests.plugins.colours:nothing", "nothing to call named 'nothing'"),
        ("python:tests.plugins.colours:not_an_encoder", "is no ImageEncoder"),
        ("python:resources.encoders.lexical:LexicalEncoder", "is no ImageEncoder"),
        ("python::", "cannot be imported"),
        ("open_clip", "IMAGE_ENCODER is 'open_clip'"),
        ("clip:ViT-B-32", "use one of: open_clip:MODEL/TAG"),
        ("lexical", "IMAGE_ENCODER is 'lexical'"),
    ],
)
def test_image_settings_that_name_no_encoder(value: str, said: str) -> None:
    with pytest.raises(SetupError, match=said) as error:
        image_encoder(Settings(image_encoder=value))
    assert "IMAGE_ENCODER" in str(error.value) or "protocols.ImageEncoder" in error.value.remedy


@pytest.mark.parametrize("value", ["lexical:words", "sentence-transformers:", "ollama", "nothing:x"])
def test_text_settings_that_name_no_encoder(value: str) -> None:
    with pytest.raises(SetupError, match="TEXT_ENCODER is"):
        text_encoder(Settings(text_encoder=value))


def test_a_plug_in_for_texts() -> None:
    named = Settings(text_encoder="python:resources.encoders.lexical:LexicalEncoder")
    assert text_encoder(named).space == LexicalEncoder.space
    with pytest.raises(SetupError, match="is no TextEncoder"):
        text_encoder(Settings(text_encoder="python:tests.plugins.colours:encoder"))


def test_dimensions_of_what_cannot_be_cut() -> None:
    with pytest.raises(SetupError, match="unset TEXT_EMBEDDING_DIM"):
        text_encoder(Settings(text_encoder="lexical", text_embedding_dim=256))


def test_specs_are_taken_apart_at_the_first_colon() -> None:
    assert parse_spec(IMAGE_SETTING, "open_clip:local-dir:/a:b") == EncoderSpec(
        IMAGE_SETTING, "open_clip", "local-dir:/a:b"
    )
    assert str(parse_spec(TEXT_SETTING, " ollama:nomic-embed-text:v1.5 ")) == "ollama:nomic-embed-text:v1.5"
    assert str(parse_spec(TEXT_SETTING, "lexical")) == "lexical"
