"""The dashboards, one a file: each file that offers `board()` is one, and its name is the dashboard's file name.

`python -m dashboards.boards` writes them to dashboards/grafana/NAME.json.
"""

import importlib
import pkgutil
import warnings
from collections.abc import Mapping


def rendered() -> Mapping[str, str]:
    """The JSON text of every dashboard, by name. The folder listing is the list of dashboards and their parts."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "__main__")
    with warnings.catch_warnings():
        # classic JSON is what we ship, for Grafana 10; at import the SDK says that it would rather build the newer form
        warnings.filterwarnings("ignore", message="Prefer using dashboardv2", category=DeprecationWarning)
        modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
        boards = {name: module.board() for name, module in modules.items() if hasattr(module, "board")}
        render = modules["frame"].render
    return {name: render(board) for name, board in boards.items()}
