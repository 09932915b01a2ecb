"""Asking the language model of LANGUAGE_MODEL one question at a time: no tools, a typed answer, what it cost.

How the question is worded, and whether an answer is true, is the asker's business.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from pydantic import BaseModel

from resources.errors import SetupError
from resources.language_model.addresses import ModelAddress

if TYPE_CHECKING:
    from pydantic_ai import Agent, NativeOutput, PromptedOutput
    from pydantic_ai.exceptions import AgentRunError
    from pydantic_ai.messages import ModelMessage
    from pydantic_ai.models import Model
    from pydantic_ai.settings import ModelSettings
    from pydantic_ai.usage import RunUsage

AnswerT = TypeVar("AnswerT", bound=BaseModel)

MAX_ANSWER_TOKENS: Final = 8_000
"""Room for an answer and for the thinking that some models count as one; it also bounds a model that rambles."""

HTTP_RETRIES: Final = 5
"""Repeats of a request that was refused for now (429, 5xx) or lost. The providers' SDKs wait as Retry-After says, up
to two minutes, else twice as long each time from half a second up to eight."""

_REASON_CHARACTERS: Final = 500

# What the SDKs and pydantic-ai raise for an answer that is JSON and not of their protocol, or not even JSON that Python
# can hold: they take its shape on trust, so that one without choices is an IndexError.
_UNREADABLE: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took.

    Attributes:
        calls: answers the model gave, repeats of a refused request not counted.
        input_tokens: as the server counts them; 0 where it does not say.
        output_tokens: likewise.
        cost: in US dollars, by the prices pydantic-ai knows; None where it knows none.
    """

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Answer(Generic[AnswerT]):
    """A model's answer and what it took."""

    value: AnswerT
    usage: Usage


class AnswerError(RuntimeError):
    """The model gave no usable answer to this question; another question may fare better.

    Attributes:
        reason: what happened, for an operator.
        usage: what was spent all the same.
    """

    def __init__(self, reason: str, usage: Usage) -> None:
        super().__init__(reason)
        self.reason = reason
        self.usage = usage


class LanguageModel:
    """One served model. Usable from one event loop, by any number of tasks."""

    def __init__(self, address: ModelAddress, model: Model, *, concurrency: int, timeout: float, retries: int) -> None:
        self._address = address
        self._model = model
        self._timeout = timeout
        self._retries = retries
        self._turns = asyncio.Semaphore(concurrency)

    @property
    def label(self) -> str:
        """`kind:name`, as LANGUAGE_MODEL says it."""
        return self._address.label

    async def ask(
        self,
        instructions: str,
        data: str,
        answer_type: type[AnswerT],
        objections: Callable[[AnswerT], Sequence[str]],
    ) -> Answer[AnswerT]:
        """Ask for an `answer_type` about `data`; the model gets one chance to mend what is wrong with its answer.

        Args:
            instructions: the system prompt.
            data: the user's message.
            answer_type: its JSON schema constrains the answer on servers that can constrain; it is validated here.
            objections: what is wrong with a valid answer, shown to the model once. The second answer is returned
                whatever is still wrong with it.

        Raises:
            AnswerError: time-out, truncated or invalid answer (twice), or a server that keeps failing.
            SetupError: no other question would be answered either: unreachable, key refused, unknown model, no credit.
        """
        from pydantic_ai.exceptions import AgentRunError
        from pydantic_ai.usage import RunUsage

        agent = self._agent(instructions, answer_type, objections)
        spent = RunUsage()
        async with self._turns:
            try:
                result = await agent.run(data, usage=spent)
            except AgentRunError as error:
                raise self._named(error, _counted(spent)) from error
            except _UNREADABLE as error:
                raise AnswerError(_reason(error), _counted(spent)) from error
        return Answer(result.output, _counted(spent, _cost(result.all_messages())))

    def _agent(
        self, instructions: str, answer_type: type[AnswerT], objections: Callable[[AnswerT], Sequence[str]]
    ) -> Agent[object, AnswerT]:
        from pydantic_ai import Agent, ModelRetry, RunContext

        settings: ModelSettings = {
            "temperature": 0.0,
            "max_tokens": MAX_ANSWER_TOKENS,
            "max_retries": self._retries,
            "request_timeout": self._timeout,
        }
        if self._address.kind == "ollama":
            settings["extra_body"] = {"max_tokens": MAX_ANSWER_TOKENS}  # the only name that Ollama's `/v1` knows it by
        agent = Agent(
            self._model,
            output_type=self._output(answer_type),
            instructions=instructions,
            retries={"tools": 0, "output": 1},
            model_settings=settings,
        )

        @agent.output_validator
        def check(context: RunContext[object], answer: AnswerT) -> AnswerT:
            wrong = objections(answer) if context.retry == 0 else ()
            if wrong:
                raise ModelRetry("\n".join(wrong))
            return answer

        return agent

    def _output(self, answer_type: type[AnswerT]) -> NativeOutput[AnswerT] | PromptedOutput[AnswerT]:
        from pydantic_ai import NativeOutput, PromptedOutput

        # Never pydantic-ai's default, a tool: a request that offers none leaves nothing to call.
        if self._model.profile.get("supports_json_schema_output"):
            return NativeOutput(answer_type, name="answer")
        return PromptedOutput(answer_type, name="answer")

    def _named(self, error: AgentRunError, usage: Usage) -> AnswerError | SetupError:
        from pydantic_ai import exceptions

        server = f"the language model's server {self._address.base_url}"
        match error:
            # Not every lost connection: a question that brings its server down must not keep others from being asked.
            case exceptions.ModelConnectionError() if _found_nobody(error):
                return SetupError(f"{server} cannot be reached", "start it, or correct LANGUAGE_MODEL_BASE_URL")
            case exceptions.ModelAuthenticationError():
                return SetupError(f"{server} refuses the key: {error}", "correct LANGUAGE_MODEL_API_KEY")
            case exceptions.ModelQuotaExceededError():
                return SetupError(f"{server} gives no more on this key: {error}", "add credit, or change the key")
            case exceptions.ModelNotFoundError():
                return SetupError(f"{server} does not offer {self._address.name!r}", "correct LANGUAGE_MODEL")
        return AnswerError(_reason(error), usage)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_REASON_CHARACTERS]


def _counted(spent: RunUsage, cost: Decimal | None = None) -> Usage:
    return Usage(spent.requests, spent.input_tokens, spent.output_tokens, cost)


def _found_nobody(error: BaseException | None) -> bool:
    import httpx2

    while error is not None and not isinstance(error, httpx2.ConnectError):
        error = error.__cause__ or error.__context__
    return error is not None


def _cost(messages: Iterable[ModelMessage]) -> Decimal | None:
    from pydantic_ai.messages import ModelResponse

    try:
        return sum((each.cost().total_price for each in messages if isinstance(each, ModelResponse)), Decimal(0))
    except (LookupError, ValueError):  # a model without a known price; a server that counts no tokens
        return None


@asynccontextmanager
async def language_model(
    address: ModelAddress, *, concurrency: int, timeout: float, retries: int = HTTP_RETRIES
) -> AsyncIterator[LanguageModel]:
    """The model at an address, for the running event loop.

    Args:
        address: from `addresses.model_address`.
        concurrency: questions that may be out at one time.
        timeout: seconds for one answer, waits for a busy server included.
        retries: of a request that was refused for now or lost.
    """
    from resources.language_model.providers import pydantic_ai_model
    from resources.language_model.transport import http_client

    async with http_client() as client:
        model = pydantic_ai_model(address, client)
        yield LanguageModel(address, model, concurrency=concurrency, timeout=timeout, retries=retries)
