"""The training loop: any open_clip model, any `Pairs`, open_clip's contrastive loss.

Nothing here knows the demo world: the same loop fine-tunes a pretrained model on photographs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any, Final, cast

from demo.tiny_clip.models import Model
from demo.tiny_clip.pairs import Pairs
from resources import torch_runtime

if TYPE_CHECKING:
    import torch

_LARGEST_LOGIT_SCALE: Final = log(100)  # as in CLIP's own training
_CAPTION_VARIANTS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes:
        epochs: passes over the pairs.
        batch_size: pairs per step; each is told from all others of its batch.
        learning_rate: its peak, after a warm-up over a tenth of all steps; a cosine then takes it to zero.
        weight_decay: of matrices; gains and biases have none.
        seed: decides the order of pairs, their views and wordings.
        workers: processes that prepare pictures; results depend on their number.
        bf16: compute the towers in bfloat16 (weights stay float32).
    """

    epochs: int = 8
    batch_size: int = 192
    learning_rate: float = 2e-3
    weight_decay: float = 0.1
    seed: int = 0
    workers: int = 1
    bf16: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step done: its number and that of all steps (both from 1), its epoch, and the loss it saw."""

    number: int
    of: int
    epoch: int
    ends_epoch: bool
    loss: float


class _Views:
    """What the loader asks for: an augmented picture and the tokens of one of its captions."""

    def __init__(self, pairs: Pairs, model: Model) -> None:
        self._pairs = pairs
        self._view = model.train_view
        self._tokenizer = model.tokenizer

    def __len__(self) -> int:
        return len(self._pairs)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        # Python's own stream is seeded by the loader in every worker, as torch's is.
        caption = self._pairs.caption(index, random.randrange(_CAPTION_VARIANTS))
        return self._view(self._pairs.image(index)), self._tokenizer([caption])[0]


def train(model: Model, pairs: Pairs, recipe: Recipe) -> Iterator[Step]:
    """Train `model` in place, a step for each value that is taken; it is fit to be saved between any two.

    Equal arguments give equal weights on the same machine with the same number of threads.

    Raises:
        ValueError: fewer than two pairs, no epoch, or a batch smaller than two.
        FloatingPointError: the loss is not finite; the learning rate is too high.
    """
    if len(pairs) < 2 or recipe.epochs < 1 or recipe.batch_size < 2:
        raise ValueError("training needs at least two pairs, an epoch and batches of two")
    torch_runtime.torchvision()
    import torch

    random.seed(recipe.seed)
    torch.manual_seed(recipe.seed)
    loader = _loader(model, pairs, recipe)
    total = len(loader) * recipe.epochs
    optimizer = torch.optim.AdamW(_decayed(model.clip, recipe.weight_decay), betas=(0.9, 0.98), eps=1e-6)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=recipe.learning_rate, total_steps=max(2, total), pct_start=0.1, cycle_momentum=False
    )
    contrast = torch_runtime.open_clip().ClipLoss()
    scale = cast("torch.nn.Parameter", model.clip.logit_scale)
    device = scale.device
    model.clip.train()
    number = 0
    for epoch in range(1, recipe.epochs + 1):
        for images, tokens in loader:
            number += 1
            with torch.autocast(device.type, torch.bfloat16, enabled=recipe.bf16):
                image_vectors, text_vectors, logit_scale = model.clip(
                    images.to(device, memory_format=torch.channels_last), tokens.to(device)
                )[:3]
            loss = contrast(image_vectors.float(), text_vectors.float(), logit_scale)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.clip.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                scale.clamp_(0, _LARGEST_LOGIT_SCALE)
            seen = float(loss.detach())
            if seen != seen or seen == float("inf"):
                raise FloatingPointError(f"the loss is {seen} at step {number}: lower the learning rate")
            yield Step(number, total, epoch, number % len(loader) == 0, seen)


def _loader(model: Model, pairs: Pairs, recipe: Recipe) -> Any:
    import torch

    return torch.utils.data.DataLoader(
        cast("torch.utils.data.Dataset[tuple[torch.Tensor, torch.Tensor]]", _Views(pairs, model)),
        batch_size=min(recipe.batch_size, len(pairs)),
        shuffle=True,
        drop_last=True,
        num_workers=recipe.workers,
        persistent_workers=recipe.workers > 0,
        generator=torch.Generator().manual_seed(recipe.seed),
    )


def _decayed(clip: torch.nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """The parameters in two groups, as in open_clip's own training: matrices decay, gains and biases do not."""
    trained = [parameter for parameter in clip.parameters() if parameter.requires_grad]
    return [
        {"params": [parameter for parameter in trained if parameter.ndim >= 2], "weight_decay": weight_decay},
        {"params": [parameter for parameter in trained if parameter.ndim < 2], "weight_decay": 0.0},
    ]
