"""A random model of some 44,000 weights, served by `transformers serve` and held to a JSON schema by llguidance.

Server, protocol and grammar are other people's; ours is only that the one hands the schema to the other, which
`transformers serve` does not do by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from demo.servers.running import serving
from resources.torch_runtime import torchvision
from venue_assets.model_reading.prompt import INSTRUCTIONS

_TEMPLATE = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant: "
_schema: ContextVar[dict[str, Any] | None] = ContextVar("schema", default=None)


def make_model(folder: Path) -> None:
    """Write a tiny random Llama with a byte-level tokenizer that has learned the instructions' words."""
    torchvision()  # transformers cannot be imported before it where the two torches differ
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = ByteLevelBPETokenizer()
    words.train_from_iterator([INSTRUCTIONS], vocab_size=1000, special_tokens=["<s>", "</s>"], show_progress=False)
    tokenizer: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=words._tokenizer, bos_token="<s>", eos_token="</s>", chat_template=_TEMPLATE
    )
    tokenizer.save_pretrained(folder)
    torch.set_num_threads(1)
    torch.manual_seed(2)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=16_384, bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    # Random weights would babble up to every limit of the schema; these like to come to an end.
    likes = {'"': 0.1, "]": 0.1, "}": 0.1}
    model.generation_config.sequence_bias = [
        [[tokenizer.convert_tokens_to_ids(token)], weight] for token, weight in likes.items()
    ]
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.eos_token_id
    model.save_pretrained(folder)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the model; the root of the server."""
    from transformers.cli.serving.chat_completion import ChatCompletionHandler
    from transformers.cli.serving.completion import CompletionHandler
    from transformers.cli.serving.model_manager import ModelManager
    from transformers.cli.serving.response import ResponseHandler
    from transformers.cli.serving.server import build_server
    from transformers.cli.serving.systemone import SystemOneHandler
    from transformers.cli.serving.transcription import TranscriptionHandler
    from transformers.cli.serving.utils import GenerationState

    class Constrained(ChatCompletionHandler):
        _unused_fields = ChatCompletionHandler._unused_fields - {"response_format"}

        async def handle_request(self, body: dict[str, Any], request_id: str) -> Any:
            _schema.set(body["response_format"]["json_schema"]["schema"])
            return await super().handle_request(body, request_id)

        async def _non_streaming(self, request_id: str, model: Any, processor: Any, model_id: str, inputs: Any,
                                 *rest: Any, **more: Any) -> Any:  # fmt: skip
            inputs["logits_processor"] = [_grammar(_schema.get(), processor, inputs["input_ids"].shape[-1])]
            return await super()._non_streaming(request_id, model, processor, model_id, inputs, *rest, **more)

    models = ModelManager(device="cpu", force_model=str(folder))
    state = GenerationState()
    app = build_server(
        models,
        Constrained(models, state),
        completion_handler=CompletionHandler(models, state),
        response_handler=ResponseHandler(models, state),
        transcription_handler=TranscriptionHandler(models, state),
        systemone_handler=SystemOneHandler(models, state),
        generation_state=state,
    )
    try:
        with serving(app) as url:
            yield url
    finally:
        state.shutdown()
        models.shutdown()


def _grammar(schema: dict[str, Any] | None, tokenizer: Any, prompt_length: int) -> Any:
    import llguidance
    import llguidance.hf
    import llguidance.torch as masks
    import torch
    from transformers import LogitsProcessor

    assert schema is not None
    words = llguidance.hf.from_tokenizer(tokenizer)
    grammar = llguidance.LLMatcher.grammar_from_json_schema(schema, defaults={"whitespace_flexible": False})
    matcher = llguidance.LLMatcher(words, grammar)
    assert not matcher.is_error(), matcher.get_error()
    mask = masks.allocate_token_bitmask(1, words.vocab_size)

    class Grammar(LogitsProcessor):
        def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
            if input_ids.shape[-1] > prompt_length:
                matcher.consume_token(int(input_ids[0, -1]))
            masks.fill_next_token_bitmask(matcher, mask, 0)
            allowed = scores.clone()
            masks.apply_token_bitmask_inplace(allowed, mask)
            return allowed

    return Grammar()
