"""Tags against govmomi's vcsim, which nobody here wrote and which has the older API."""

import base64
import json
import urllib.request
from collections.abc import Callable
from typing import Any

from agent.clock import SystemClock
from agent.model.tag_pair import TagPair
from agent.vcenter.endpoint import Endpoint
from agent.vcenter.tags import read_tags
from agent.vcenter.transport import Transport
from tests.vcsim.server import Vcsim


class Vendor:
    """Somebody who may make tags."""

    def __init__(self, vcsim: Vcsim) -> None:
        self._base = f"https://127.0.0.1:{vcsim.port}/rest/com/vmware/cis"
        self._context = vcsim.trusting_context()
        pair = base64.b64encode(f"{vcsim.user}:{vcsim.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}
        self._headers = {"vmware-api-session-id": self.post("session", {}), "Content-Type": "application/json"}

    def post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(f"{self._base}/{path}", json.dumps(body).encode(), self._headers)
        with urllib.request.urlopen(request, timeout=10, context=self._context) as answer:
            return (json.loads(answer.read() or b"{}") or {}).get("value")

    def category(self, name: str) -> str:
        spec = {"name": name, "description": "", "cardinality": "MULTIPLE", "associable_types": []}
        return str(self.post("tagging/category", {"create_spec": spec}))

    def tag(self, category: str, name: str) -> str:
        spec = {"name": name, "description": "", "category_id": category}
        return str(self.post("tagging/tag", {"create_spec": spec}))

    def attach(self, tag: str, kind: str, moid: str) -> None:
        target = {"object_id": {"type": kind, "id": moid}}
        self.post(f"tagging/tag-association/id:{tag}?~action=attach", target)


def test_tags_that_vcsim_has_are_read(start_vcsim: Callable[..., Vcsim]) -> None:
    vcsim = start_vcsim("-machines=1")
    vendor = Vendor(vcsim)
    tier, other = vendor.category("Tier"), vendor.category("Other")
    gold, silver = vendor.tag(tier, "gold"), vendor.tag(tier, "silver")
    vendor.attach(gold, "VirtualMachine", "vm-1")
    vendor.attach(silver, "VirtualMachine", "vm-1")
    vendor.attach(gold, "HostSystem", "host-1")
    vendor.attach(vendor.tag(other, "x"), "VirtualMachine", "vm-1")
    endpoint = Endpoint(
        name="vcsim", host="127.0.0.1", port=vcsim.port, username=vcsim.user, fingerprint=vcsim.fingerprint
    )
    found = read_tags(Transport(endpoint, SystemClock()), vcsim.user, vcsim.password, ("Tier", "Absent"))
    pairs = {name: TagPair(category="Tier", tag=name) for name in ("gold", "silver")}
    assert found.tags == {"vm-1": (pairs["gold"], pairs["silver"]), "host-1": (pairs["gold"],)}
    assert found.missing == ("Absent",)
