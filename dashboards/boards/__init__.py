"""The dashboards, one a file: each file offers `board()`, its name is the dashboard's file name.

`python -m dashboards.boards` writes them to dashboards/grafana/NAME.json.
"""

import importlib
import pkgutil
import warnings
from collections.abc import Mapping

NOT_A_BOARD = {"__main__", "frame", "panels"}


def rendered() -> Mapping[str, str]:
    """The JSON text of every dashboard, by name. The folder listing is the list of dashboards."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in NOT_A_BOARD)
    with warnings.catch_warnings():
        # classic JSON is what we ship, for Grafana 10; at import the SDK says that it would rather build the newer form
        warnings.filterwarnings("ignore", message="Prefer using dashboardv2", category=DeprecationWarning)
        boards = {name: importlib.import_module(f"{__name__}.{name}").board() for name in names}
        render = importlib.import_module(f"{__name__}.frame").render
    return {name: render(board) for name, board in boards.items()}
