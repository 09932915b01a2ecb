"""The one way to the heavy model libraries: imported on first use, and only through here.

torch, torchvision, open_clip and sentence-transformers take seconds to import, so nothing may import them at
module level. A machine may also offer a CPU-only torch beside the registry's torchvision, whose compiled
operators are linked against CUDA and cannot load; that pair fails at import, and is mended here.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

# Operators whose shape functions torchvision registers at import, whether or not its library loaded.
_REGISTERED_AT_IMPORT: Final = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


@cache
def torchvision() -> Any:
    """Import torchvision, declaring the operators its library could not bring if that is what stands in the way.

    Declared is not implemented: box operators still raise when called. Image transforms, all that encoders use,
    are plain torch and work.
    """
    try:
        import torchvision as module
    except RuntimeError as error:
        if "operator torchvision::" not in str(error):
            raise
        _declare_missing_operators()
        import torchvision as module
    return module


@cache
def _declare_missing_operators() -> Any:
    import torch

    library = torch.library.Library("torchvision", "FRAGMENT")
    for schema in _REGISTERED_AT_IMPORT:
        name = schema.partition("(")[0]
        if not hasattr(torch.ops.torchvision, name):
            library.define(schema)
    return library  # cached, because the declarations live only as long as this object


def torchvision_operators_work() -> bool:
    """Whether torchvision's compiled operators loaded (they do when it was built for the installed torch)."""
    return bool(torchvision().extension._has_ops())


def open_clip() -> Any:
    """Import open_clip."""
    torchvision()
    import open_clip as module

    return module


def sentence_transformers() -> Any:
    """Import sentence-transformers."""
    torchvision()
    import sentence_transformers as module

    return module
