"""Which device and precision torch models run in here. No model is known to this file."""

from __future__ import annotations

from typing import Final, Literal

from resources.encoders.protocols import Runtime
from resources.errors import SetupError

Precision = Literal["auto", "float32", "bfloat16"]

_CPU_BATCH: Final = 32  # larger ones gain nothing on a CPU and fall out of its caches
_GPU_BATCH: Final = 256
_CPU_BFLOAT16: Final = ("amx_bf16", "avx512_bf16")


def choose_runtime(precision: Precision) -> Runtime:
    """The device and precision for inference: a CUDA device if there is one, bfloat16 where it is native.

    Emulated bfloat16 is slower than float32, so `auto` asks the processor and not the library.

    Raises:
        SetupError: bfloat16 was asked for by name and the device does not compute in it.
    """
    import torch

    if torch.cuda.is_available():
        device, batch, native = "cuda", _GPU_BATCH, torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        capabilities = torch.cpu.get_capabilities()
        device, batch = "cpu", _CPU_BATCH
        native = any(capabilities.get(name, False) for name in _CPU_BFLOAT16)
    if precision == "bfloat16" and not native:
        raise SetupError(
            f"ENCODER_PRECISION is bfloat16, and this machine's {device} does not compute in it",
            "set ENCODER_PRECISION to auto or float32",
        )
    wanted = "bfloat16" if precision != "float32" and native else "float32"
    return Runtime(device, wanted, batch)
