"""Services, time, firewall, power policy and advanced settings of a host."""

from datetime import datetime, timedelta
from typing import Any

from pyVmomi import vim

from agent.simulator.estate.plan import HostPlan

_host = vim.host
NTP_SERVERS = ["ntp1.kommune.example", "ntp2.kommune.example", "ntp.dk.example"]

_SERVICES = (
    ("ntpd", "NTP Daemon", "on", True),
    ("vpxa", "VMware vCenter Agent", "on", True),
    ("TSM", "ESXi Shell", "off", False),
    ("TSM-SSH", "SSH", "off", False),
    ("DCUI", "Direct Console UI", "on", True),
    ("sfcbd-watchdog", "CIM Server", "on", True),
    ("snmpd", "SNMP Server", "off", False),
    ("vmsyslogd", "Syslog Server", "on", True),
    ("lbtd", "Load-Based Teaming Daemon", "on", True),
)
_RULESETS = (
    ("sshServer", "SSH Server", True, 22),
    ("ntpClient", "NTP Client", True, 123),
    ("vSphereClient", "vSphere Web Client", True, 443),
    ("syslog", "syslog", True, 514),
    ("snmp", "SNMP Server", False, 161),
    ("nfsClient", "NFS Client", True, 2049),
)
_POLICY = _host.PowerSystem.PowerPolicy(
    key=1, name="PowerPolicy.static.name", shortName="static", description="PowerPolicy.static.description"
)
_BALANCED = _host.PowerSystem.PowerPolicy(
    key=2, name="PowerPolicy.dynamic.name", shortName="dynamic", description="PowerPolicy.dynamic.description"
)
_OPTIONS: dict[str, Any] = {
    "VMFS3.UseATSForHBOnVMFS5": 1,
    "VMFS3.HardwareAcceleratedLocking": 1,
    "Syslog.global.logHost": "udp://syslog.kommune.example:514",
    "UserVars.ESXiShellInteractiveTimeOut": 900,
    "UserVars.SuppressShellWarning": 0,
    "UserVars.SuppressHyperthreadWarning": 0,
    "Security.AccountLockFailures": 5,
    "Security.AccountUnlockTime": 900,
    "Mem.ShareForceSalting": 2,
    "Misc.APDHandlingEnable": 1,
    "Misc.APDTimeout": 140,
    "Net.BlockGuestBPDU": 1,
    "ScratchConfig.CurrentScratchLocation": "/vmfs/volumes/scratch",
}


def services(host: HostPlan) -> vim.host.ServiceInfo:
    """`config.service`; on one host the vendor left SSH on."""
    return _host.ServiceInfo(
        service=[
            _host.Service(
                key=key,
                label=label,
                required=False,
                uninstallable=False,
                running=running or (key == "TSM-SSH" and host.ssh_running),
                ruleset=[],
                policy=policy,
            )
            for key, label, policy, running in _SERVICES
        ]
    )


def date_time(host: HostPlan, now: datetime) -> vim.host.DateTimeInfo:
    """`config.dateTimeInfo`; the standalone host has a single NTP server and fell back."""
    single = not host.in_cluster
    return _host.DateTimeInfo(
        timeZone=_host.DateTimeSystem.TimeZone(key="UTC", name="UTC", description="UTC", gmtOffset=0),
        systemClockProtocol="ntp",
        ntpConfig=_host.NtpConfig(
            server=NTP_SERVERS[:1] if single else NTP_SERVERS, configFile=["restrict default nomodify notrap noquery"]
        ),
        enabled=True,
        disableEvents=False,
        disableFallback=True,
        inFallbackState=False,
        serviceSync=not single,
        lastSyncTime=now - (timedelta(days=3) if single else timedelta(minutes=8)),
        remoteNtpServer="" if single else NTP_SERVERS[0],
        ntpRunTime=int(host.uptime.total_seconds()),
    )


def options(host: HostPlan) -> list[vim.option.OptionValue]:
    """`config.option`, the advanced settings; the standalone host logs nowhere."""
    changed = {} if host.in_cluster else {"Syslog.global.logHost": ""}
    return [vim.option.OptionValue(key=key, value=value) for key, value in (_OPTIONS | changed).items()]


def firewall() -> vim.host.FirewallInfo:
    """`config.firewall`."""
    return _host.FirewallInfo(
        defaultPolicy=_host.FirewallInfo.DefaultPolicy(incomingBlocked=True, outgoingBlocked=True),
        ruleset=[
            _host.Ruleset(
                key=key,
                label=label,
                required=False,
                rule=[_host.Ruleset.Rule(port=port, direction="inbound", protocol="tcp")],
                enabled=enabled,
                allowedHosts=_host.Ruleset.IpList(ipAddress=[], ipNetwork=[], allIp=key != "sshServer"),
            )
            for key, label, enabled, port in _RULESETS
        ],
    )


def power_policy(host: HostPlan) -> vim.host.PowerSystem.PowerPolicy:
    """`config.powerSystemInfo.currentPolicy`: high performance in the clusters, balanced outside."""
    return _POLICY if host.in_cluster else _BALANCED


def power_capability() -> vim.host.PowerSystem.Capability:
    """`config.powerSystemCapability`."""
    return _host.PowerSystem.Capability(availablePolicy=[_POLICY, _BALANCED])
