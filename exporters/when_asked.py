"""A page whose code is only loaded once somebody asks for it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache

from exporters.asgi import Request, Response


def when_asked(
    make: Callable[[], Callable[[Request], Awaitable[Response]]],
) -> Callable[[Request], Awaitable[Response]]:
    """The handler that `make` gives, which imports what it needs: made at the first request, on another thread."""
    made = cache(make)
    making = asyncio.Lock()

    async def answer(request: Request) -> Response:
        async with making:
            handler = await asyncio.to_thread(made)
        return await handler(request)

    return answer
