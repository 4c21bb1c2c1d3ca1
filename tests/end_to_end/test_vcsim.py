"""The agent beside a vCenter and a standalone host that no one here wrote."""

import pytest

from tests.end_to_end.servers import serving


@pytest.mark.needs("go")
def test_vcsim_and_a_standalone_host_are_served_by_one_agent(vcsim, esx, tmp_path):
    lines = ["vcenters:"]
    for name, server in (("vc", vcsim), ("host", esx)):
        password = tmp_path / f"{name}.password"
        password.touch(mode=0o600)
        password.write_text(server.password)
        lines += [
            f"  - name: {name}",
            f"    host: {server.host}",
            f"    port: {server.port}",
            f"    username: {server.user}",
            f"    password_file: {password.name}",
            f"    tls: {{fingerprint: '{server.fingerprint}'}}",
        ]
    config = tmp_path / "checkmeter.yaml"
    config.write_text("\n".join(lines) + "\n")
    with serving(config) as agent:
        for name, vms, hosts in (("vc", 8, 4), ("host", 4, 1)):
            page = agent.get("/metrics")[1].splitlines()
            mine = [line for line in page if f'vcenter="{name}"' in line]
            assert sum(line.startswith("vsphere_vm_info{") for line in mine) == vms
            assert sum(line.startswith("vsphere_host_info{") for line in mine) == hosts
            assert agent.sample("checkmeter_vcenter_up", vcenter=name) == 1
        assert agent.get("/")[0] == 200
