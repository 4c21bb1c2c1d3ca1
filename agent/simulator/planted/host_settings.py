"""Faults in how hosts are set up."""

from collections.abc import Iterator

from pyVmomi import vim

from agent.simulator.estate.copies import vary
from agent.simulator.objects import Estate
from agent.simulator.planted.hosts import ALONE, FIFTH, FIRST, FOURTH, SECOND, THIRD
from agent.simulator.planted.table import alter_item, plant, set_in, set_option, set_service


@plant("host_shell_running")
def shell_open(estate: Estate) -> Iterator[str]:
    """The ESXi shell was left on."""
    set_service(estate, FIRST, "TSM", running=True)
    yield FIRST


@plant("host_core_dump_missing", round_=2, causes=("host_out_of_support",), silences=("host_build_old",))
def no_dump(estate: Estate) -> Iterator[str]:
    """An old host has no active diagnostic partition."""
    set_in(estate, ALONE, "config.product", version="6.7.0")
    estate.set(ALONE, "config.activeDiagnosticPartition", None)
    yield ALONE


@plant("host_scratch_volatile")
def scratch_in_memory(estate: Estate) -> Iterator[str]:
    """The scratch location is on the RAM disk."""
    set_option(estate, FIRST, "ScratchConfig.CurrentScratchLocation", "/tmp/scratch")  # noqa: S108 - on a simulated host
    yield FIRST


@plant("host_secure_boot_off")
def no_secure_boot(estate: Estate) -> Iterator[str]:
    """Secure boot is off."""
    estate.set(FIRST, "capability.uefiSecureBoot", False)
    yield FIRST


@plant("host_attestation_failed")
def not_attested(estate: Estate) -> Iterator[str]:
    """The TPM measured something else."""
    estate.set(
        SECOND, "summary.tpmAttestation", vary(estate.get(SECOND, "summary.tpmAttestation"), status="notAccepted")
    )
    yield SECOND


@plant("host_sensors_absent")
def no_sensors(estate: Estate) -> Iterator[str]:
    """The host reports no sensors, as those whose CIM provider is off."""
    estate.set(FIFTH, "runtime.healthSystemRuntime.systemHealthInfo.numericSensorInfo", [])
    yield FIFTH


@plant("host_storage_adapter_down")
def adapter_offline(estate: Estate) -> Iterator[str]:
    """A Fibre Channel adapter is offline."""
    alter_item(
        estate, THIRD, "config.storageDevice.hostBusAdapter", lambda one: one.device == "vmhba2", status="offline"
    )
    yield THIRD


@plant("host_lun_degraded")
def lun_degraded(estate: Estate) -> Iterator[str]:
    """A LUN is degraded."""
    path = "config.storageDevice.scsiLun"
    alter_item(estate, THIRD, path, lambda one: not one.localDisk, operationalState=["degraded"])
    yield THIRD


@plant("host_vmotion_off")
def no_vmotion(estate: Estate) -> Iterator[str]:
    """No adapter is enabled for vMotion."""
    estate.set(FOURTH, "summary.config.vmotionEnabled", False)
    yield FOURTH


@plant("host_account_lockout_off")
def no_lockout(estate: Estate) -> Iterator[str]:
    """Accounts are never locked."""
    set_option(estate, FIRST, "Security.AccountLockFailures", 0)
    yield FIRST


@plant("host_shell_timeout_off")
def no_timeout(estate: Estate) -> Iterator[str]:
    """Idle shells stay open."""
    set_option(estate, SECOND, "UserVars.ESXiShellInteractiveTimeOut", 0)
    yield SECOND


@plant("host_warning_suppressed")
def warning_hidden(estate: Estate) -> Iterator[str]:
    """The yellow bar was switched off instead of the shell."""
    set_option(estate, FOURTH, "UserVars.SuppressShellWarning", 1)
    yield FOURTH


@plant("host_apd_handling_off")
def waits_for_ever(estate: Estate) -> Iterator[str]:
    """All-paths-down handling is off."""
    set_option(estate, THIRD, "Misc.APDHandlingEnable", 0)
    yield THIRD


@plant("host_memory_sharing_open")
def shared_pages(estate: Estate) -> Iterator[str]:
    """Equal pages of different VMs are shared."""
    set_option(estate, ALONE, "Mem.ShareForceSalting", 0)
    yield ALONE


@plant("host_ports_short")
def no_ports(estate: Estate) -> Iterator[str]:
    """A standard switch is full."""
    alter_item(estate, ALONE, "config.network.vswitch", lambda one: one.name == "vSwitch0", numPortsAvailable=1)
    yield ALONE


@plant("host_mtu_mismatch")
def small_switch(estate: Estate) -> Iterator[str]:
    """The switch takes smaller packets than the vMotion adapter sends."""
    alter_item(estate, FIFTH, "config.network.vswitch", lambda one: one.name == "vSwitch1", mtu=1500)
    yield FIFTH


@plant("host_cpu_high", round_=1, causes=("cluster_unbalanced", "host_hidden_load"))
def busy_host(estate: Estate) -> Iterator[str]:
    """The processors of a host are used up by its VMs."""
    capacity = estate.get(FIFTH, "summary.hardware.cpuMhz") * estate.get(FIFTH, "summary.hardware.numCpuCores")
    _use(estate, FIFTH, "overallCpuUsage", round(0.9 * capacity))
    yield FIFTH


@plant("host_memory_high", round_=2, causes=("host_hidden_load",))
def full_host(estate: Estate) -> Iterator[str]:
    """The memory of a host is used up by its VMs."""
    _use(estate, FIFTH, "overallMemoryUsage", round(0.93 * estate.get(FIFTH, "hardware.memorySize") / 1024**2))
    yield FIFTH


def _use(estate: Estate, host: str, figure: str, value: int) -> None:
    quick: vim.host.Summary.QuickStats = estate.get(host, "summary.quickStats")
    estate.set(host, "summary.quickStats", vary(quick, **{figure: value}))


@plant("host_firewall_open")
def open_firewall(estate: Estate) -> Iterator[str]:
    """SSH is open to every address."""
    everybody = vim.host.Ruleset.IpList(ipAddress=[], ipNetwork=[], allIp=True)
    alter_item(estate, FIRST, "config.firewall.ruleset", lambda one: one.key == "sshServer", allowedHosts=everybody)
    yield FIRST


@plant("host_out_of_support", silences=("host_build_old",))
def old_version(estate: Estate) -> Iterator[str]:
    """A host runs a version whose support has ended."""
    set_in(estate, ALONE, "config.product", version="7.0.3", build="21313628")
    yield ALONE
