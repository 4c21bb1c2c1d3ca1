"""The inventory for download: made on demand, one at a time, on a thread of its own so that scrapes do not wait for it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from agent.model.world import World
from exporters.asgi import Request, Response
from exporters.workbook.paths import PATHS, TABS

if TYPE_CHECKING:
    from exporters.workbook.downloads import Download


def inventory_handlers(
    status: Callable[[], tuple[World, datetime]],
) -> Mapping[str, Callable[[Request], Awaitable[Response]]]:
    """Handlers by path; `status` gives the newest world and the time now."""
    making = asyncio.Lock()

    async def answer(request: Request) -> Response:
        world, now = status()
        if not any(target.visible_inventory(now) is not None for target in world.targets.values()):
            return Response.text("No vCenter is read at present: there is no inventory.", status=503)
        async with making:
            try:
                file = await asyncio.to_thread(_made, request.path, world, now)
            except KeyError:
                return Response.text("There is no such tab; / has links to all of them.", status=404)
        headers = {
            "Content-Type": file.content_type,
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "Cache-Control": "no-store",
        }
        return Response(headers=headers, body=file.body)

    return dict.fromkeys((*PATHS, TABS), answer)


def _made(path: str, world: World, now: datetime) -> "Download":
    from exporters.workbook.downloads import offered  # noqa: PLC0415 - forty files and XlsxWriter, for who asks

    return offered(path, world, now)
