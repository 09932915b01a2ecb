"""What IMAGE_ENCODER and TEXT_ENCODER may say: the one place that takes them apart.

The doctor reads them through this file as the encoders do. No model is opened or fetched here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from resources.errors import SetupError

IMAGE_SETTING: Final = "IMAGE_ENCODER"
TEXT_SETTING: Final = "TEXT_ENCODER"

_FORMS: Final = {
    IMAGE_SETTING: {
        "open_clip": "open_clip:MODEL/TAG, open_clip:hf-hub:ORG/NAME, open_clip:local-dir:PATH",
        "python": "python:package.module:factory",
    },
    TEXT_SETTING: {
        "sentence-transformers": "sentence-transformers:NAME",
        "ollama": "ollama:NAME",
        "openai": "openai:NAME",
        "lexical": "lexical",
        "python": "python:package.module:factory",
    },
}


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """An encoder setting taken apart.

    Attributes:
        setting: the environment variable it came from, for messages.
        kind: which implementation, e.g. "open_clip".
        name: what follows the kind; empty for kinds that take no name.
    """

    setting: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind


def parse_spec(setting: str, value: str) -> EncoderSpec:
    """Take apart the value of `setting`, which is IMAGE_SETTING or TEXT_SETTING.

    Raises:
        SetupError: no encoder is written like that.
    """
    kind, _, name = value.strip().partition(":")
    forms = _FORMS[setting]
    if kind not in forms:
        raise SetupError(f"{setting} is {value!r}", f"use one of: {', '.join(forms.values())}")
    if (kind == "lexical") == bool(name):
        raise SetupError(f"{setting} is {value!r}", f"write it as {forms[kind]}")
    return EncoderSpec(setting, kind, name)


def with_absolute_folder(value: str) -> str:
    """An encoder setting whose folder, if it names one, is written as an absolute path; any other value as it is.

    A `sentence-transformers:` name may be a folder or ORG/NAME of the hub: it is a folder if there is one, or if it
    begins as only a path does.
    """
    kind, _, name = value.strip().partition(":")
    folder = name.removeprefix("local-dir:")
    if kind == "open_clip" and folder != name:
        return f"{kind}:local-dir:{Path(folder).expanduser().absolute()}"
    if kind == "sentence-transformers" and name:
        path = Path(name).expanduser()
        if name.startswith(("~", "./", "../")) or path.is_dir():
            return f"{kind}:{path.absolute()}"
    return value


def plug_in_factory(spec: EncoderSpec) -> Callable[[], Any]:
    """The factory that a `python:package.module:factory` setting names. Imports its module, does not call it.

    Raises:
        SetupError: the module cannot be imported, or has nothing callable of that name.
    """
    module_name, _, factory_name = spec.name.partition(":")
    remedy = f"set {spec.setting} to python:package.module:factory, importable from where you run"
    try:
        factory = getattr(importlib.import_module(module_name), factory_name, None)
    except (ImportError, ValueError) as error:  # ValueError: not a module's name
        raise SetupError(f"the plug-in {module_name!r} cannot be imported: {error}", remedy) from error
    except Exception as error:  # somebody else's code may raise anything when it is imported
        reason = f"{type(error).__name__}: {error}"
        raise SetupError(
            f"the plug-in {module_name!r} fails when it is imported: {reason}", f"mend {module_name}"
        ) from error
    if not callable(factory):
        raise SetupError(f"{module_name!r} has nothing to call named {factory_name!r}", remedy)
    return factory  # type: ignore[no-any-return]
