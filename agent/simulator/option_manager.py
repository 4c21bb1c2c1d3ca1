"""OptionManager: vCenter's advanced settings, read only."""

from typing import Any

from pyVmomi import vim

from agent.simulator.call import Call


def QueryOptions(call: Call, name: str | None) -> Any:
    """All settings; the one named; or, for a name that ends in a dot, all below it. InvalidName when there is none."""
    options = call.estate.options
    if not name:
        chosen = sorted(options)
    elif name in options:
        chosen = [name]
    else:
        chosen = sorted(key for key in options if name.endswith(".") and key.startswith(name))
    if not chosen:
        raise vim.fault.InvalidName(msg=f"The name '{name}' is invalid.", name=name)
    return [vim.option.OptionValue(key=key, value=options[key]) for key in chosen]
