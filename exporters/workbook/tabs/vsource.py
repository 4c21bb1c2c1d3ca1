"""vSource: every vCenter or standalone host that was read."""

from collections.abc import Iterable

from agent.model.about import About
from exporters.workbook.sheet import Columns, Tab
from exporters.workbook.source import Source


def _about(source: Source) -> About:
    return source.inventory.about


def _itself(source: Source) -> Iterable[Source]:
    yield source


_COLUMNS: Columns[Source] = (
    ("Name", lambda source: _about(source).name),
    ("OS type", lambda source: _about(source).os_type),
    ("API type", lambda source: _about(source).api_type),
    ("API version", lambda source: _about(source).api_version),
    ("Version", lambda source: _about(source).version),
    ("Patch level", lambda source: _about(source).patch_level),
    ("Build", lambda source: _about(source).build),
    ("Fullname", lambda source: _about(source).full_name),
    ("Product name", lambda source: _about(source).name),
    ("Product version", lambda source: _about(source).version),
    ("Product line", lambda source: _about(source).product_line),
    ("Vendor", lambda source: _about(source).vendor),
    ("VI SDK Server", lambda source: source.server),
    ("VI SDK UUID", lambda source: source.uuid),
)

TAB = Tab(name="vSource", rows=_itself, columns=_COLUMNS)
