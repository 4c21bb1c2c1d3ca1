"""What a Danish municipality runs: its systems, what their servers are called, and which guests they have."""

from agent.dataclass import dataclass

DOMAIN = "kommune.example"
VENDOR = "KOMMUNE\\drift-vendor"
VENDOR_2 = "KOMMUNE\\drift-vagt"
BACKUP = "KOMMUNE\\svc_veeam"
MONITOR = "KOMMUNE\\svc_checkmeter"
OWN_ADMIN = "KOMMUNE\\it-afdeling"
VPXD = "VSPHERE.LOCAL\\vpxd-extension-5c2b1a0e-7f43-4b6e-9d0a-0f6f2d6a9b11"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestOs:
    """A guest operating system as vCenter names it (`config.guestId`, `config.guestFullName`) and as Tools name it."""

    guest_id: str
    configured: str
    reported: str
    family: str
    open_vm_tools: bool

    @property
    def windows(self) -> bool:
        """Whether its disks have drive letters."""
        return self.family == "windowsGuest"


def _windows(guest_id: str, year: str) -> GuestOs:
    name = f"Microsoft Windows Server {year} (64-bit)"
    return GuestOs(guest_id=guest_id, configured=name, reported=name, family="windowsGuest", open_vm_tools=False)


def _linux(guest_id: str, configured: str, reported: str) -> GuestOs:
    return GuestOs(guest_id=guest_id, configured=configured, reported=reported, family="linuxGuest", open_vm_tools=True)


W2022 = _windows("windows2019srvNext_64Guest", "2022")
W2019 = _windows("windows2019srv_64Guest", "2019")
W2016 = _windows("windows9Server64Guest", "2016")
W2012 = _windows("windows8Server64Guest", "2012")
RHEL9 = _linux("rhel9_64Guest", "Red Hat Enterprise Linux 9 (64-bit)", "Red Hat Enterprise Linux 9 (64-bit)")
UBUNTU = _linux("ubuntu64Guest", "Ubuntu Linux (64-bit)", "Ubuntu Linux (64-bit)")
DEBIAN = _linux("debian11_64Guest", "Debian GNU/Linux 11 (64-bit)", "Debian GNU/Linux 12 (64-bit)")


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One business system: a VM folder, a resource pool and the attributes its servers carry."""

    name: str
    stems: tuple[str, ...]
    guests: tuple[GuestOs, ...]
    cpus: tuple[int, ...]
    memory_gib: tuple[int, ...]
    data_gib: tuple[int, ...]
    vlan: int
    owner: str
    cost_centre: str
    weight: int
    test: bool = False


SYSTEMS = (
    System(
        name="ERP",
        stems=("økonomi-app", "økonomi-db", "løn-app", "indkøb-web"),
        guests=(W2022, W2019),
        cpus=(4, 8),
        memory_gib=(16, 32),
        data_gib=(100, 250),
        vlan=110,
        owner="Økonomi og Løn",
        cost_centre="1100-ØK",
        weight=9,
    ),
    System(
        name="ESDH",
        stems=("esdh-app", "esdh-søg", "bygge-ansøgning", "esdh-arkiv"),
        guests=(W2022, W2019, W2016),
        cpus=(4, 4, 8),
        memory_gib=(16, 24),
        data_gib=(80, 400),
        vlan=120,
        owner="Sekretariat og Borgerservice",
        cost_centre="1200-ESDH",
        weight=9,
    ),
    System(
        name="AD",
        stems=("dc", "adfs", "nps"),
        guests=(W2022, W2019),
        cpus=(2, 4),
        memory_gib=(8,),
        data_gib=(0,),
        vlan=100,
        owner="It-afdelingen",
        cost_centre="9000-IT",
        weight=6,
    ),
    System(
        name="SQL",
        stems=("sql", "sql-rapport"),
        guests=(W2022, W2019),
        cpus=(8, 12),
        memory_gib=(32, 64),
        data_gib=(300, 500),
        vlan=130,
        owner="It-afdelingen",
        cost_centre="9000-IT",
        weight=6,
    ),
    System(
        name="Web",
        stems=("www", "cms", "proxy"),
        guests=(UBUNTU, RHEL9, DEBIAN),
        cpus=(2, 4),
        memory_gib=(4, 8),
        data_gib=(0, 40),
        vlan=200,
        owner="Kommunikation",
        cost_centre="1300-KOM",
        weight=8,
    ),
    System(
        name="Citrix",
        stems=("ctx-vda", "ctx-ddc", "ctx-storefront"),
        guests=(W2022, W2019),
        cpus=(8,),
        memory_gib=(32,),
        data_gib=(0,),
        vlan=140,
        owner="It-afdelingen",
        cost_centre="9000-IT",
        weight=10,
    ),
    System(
        name="Borger",
        stems=("borger-selvbetjening", "digital-post", "pladsanvisning", "sundhed-omsorg"),
        guests=(RHEL9, W2022),
        cpus=(4,),
        memory_gib=(8, 16),
        data_gib=(60, 120),
        vlan=210,
        owner="Borgerservice",
        cost_centre="1400-BS",
        weight=9,
    ),
    System(
        name="Skole",
        stems=("skole-fil", "print", "bibliotek"),
        guests=(W2019, W2016, W2012),
        cpus=(2, 4),
        memory_gib=(8, 12),
        data_gib=(200, 400),
        vlan=150,
        owner="Børn og Skole",
        cost_centre="2100-SKOLE",
        weight=7,
    ),
    System(
        name="GIS",
        stems=("gis-server", "kort-tile", "gis-db"),
        guests=(UBUNTU, W2019),
        cpus=(4, 8),
        memory_gib=(16,),
        data_gib=(250,),
        vlan=160,
        owner="Teknik og Miljø",
        cost_centre="3100-TM",
        weight=5,
    ),
    System(
        name="Drift",
        stems=("backup-proxy", "overvågning", "wsus", "print", "licens"),
        guests=(W2022, DEBIAN, W2016),
        cpus=(2, 4),
        memory_gib=(8,),
        data_gib=(40, 200),
        vlan=100,
        owner="It-afdelingen",
        cost_centre="9000-IT",
        weight=5,
    ),
    System(
        name="Test",
        stems=("test-esdh", "test-økonomi", "test-web", "udvikling"),
        guests=(W2022, UBUNTU, W2019),
        cpus=(2, 4),
        memory_gib=(8,),
        data_gib=(40,),
        vlan=300,
        owner="It-afdelingen",
        cost_centre="9100-TEST",
        weight=12,
        test=True,
    ),
)
TEMPLATES = "Skabeloner"
