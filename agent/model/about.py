"""What a target says of itself: `ServiceContent.about`."""

from agent.dataclass import dataclass
from agent.model.property import prop


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Product, version and identity of a vCenter or a standalone ESXi host (`api_type` VirtualCenter, HostAgent)."""

    name: str | None = prop("name")
    full_name: str | None = prop("fullName")
    vendor: str | None = prop("vendor")
    version: str | None = prop("version")
    build: str | None = prop("build")
    patch_level: str | None = prop("patchLevel")
    os_type: str | None = prop("osType")
    product_line: str | None = prop("productLineId")
    api_type: str | None = prop("apiType")
    api_version: str | None = prop("apiVersion")
    instance_uuid: str | None = prop("instanceUuid")

    def lasting_id(self, name: str) -> str:
        """What the ledger knows it by: instanceUuid, or the configured `name` of a host, which has none."""
        return self.instance_uuid or name
