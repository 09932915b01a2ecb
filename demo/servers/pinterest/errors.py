"""The API's own way of saying no: an HTTP status and a body of `code` and `message`.

Codes 2 (authentication), 8 (rate limit) and 40 (board) are those of live answers; the others repeat the status, as the
examples in the official description do.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse


class ApiError(Exception):
    """An answer that is not 2xx."""

    def __init__(self, status: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def response(self) -> JSONResponse:
        """The answer as the caller sees it."""
        return JSONResponse({"code": self.code, "message": self.message}, self.status, self.headers)


def bad_request(message: str) -> ApiError:
    """400: a parameter is missing or makes no sense."""
    return ApiError(400, 400, message)


def not_authenticated() -> ApiError:
    """401: no token, an unknown one or an expired one; the real API does not say which."""
    return ApiError(401, 2, "Authentication failed.")


def not_authorized(message: str = "Authorization failed.") -> ApiError:
    """403: the token is good but lacks a scope."""
    return ApiError(403, 403, message)


def board_not_found() -> ApiError:
    """404 for a board that is not there, or not for this caller's eyes."""
    return ApiError(404, 40, "Board not found.")


def section_not_found() -> ApiError:
    """404 for a board section."""
    return ApiError(404, 404, "Board section not found.")


def pin_not_found() -> ApiError:
    """404 for a pin that is not there, or not for this caller's eyes."""
    return ApiError(404, 404, "Pin not found.")
