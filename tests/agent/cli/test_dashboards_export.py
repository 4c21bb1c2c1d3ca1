import tomllib

from agent.cli.stack.files import FOLDERS_NOT_FOR_USERS, NOT_FOR_USERS, shipped
from tests.agent.cli.invocation import ROOT, checkmeter


def test_export_writes_every_file_of_this_version_as_it_is(tmp_path):
    done = checkmeter("dashboards", "export", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    for name in ("grafana/oncall.json", "prometheus/rules/vm.rules.yml", "alertmanager/templates/danish.tmpl"):
        assert (tmp_path / "out" / name).read_bytes() == (ROOT / "dashboards" / name).read_bytes()
    assert (tmp_path / "out/stack/compose.yaml").exists()
    assert (tmp_path / "out/runbooks/VsphereVmDown.md").exists()
    assert not list(tmp_path.rglob("*.py"))


def test_what_somebody_changed_is_not_written_over_unless_that_is_said(tmp_path):
    assert checkmeter("dashboards", "export", tmp_path).returncode == 0
    changed = tmp_path / "alertmanager/alertmanager.yml"
    changed.write_text("route: {receiver: mine}\n")
    done = checkmeter("dashboards", "export", tmp_path)
    assert done.returncode == 1
    assert "alertmanager.yml" in done.stderr
    assert changed.read_text() == "route: {receiver: mine}\n"
    assert checkmeter("dashboards", "export", "--overwrite", tmp_path).returncode == 0
    assert changed.read_bytes() == (ROOT / "dashboards/alertmanager/alertmanager.yml").read_bytes()


def test_the_wheel_has_all_that_export_writes():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert "dashboards" in wheel["packages"]
    left_out = {one.removeprefix("dashboards/").rpartition("/")[2] for one in wheel["exclude"]}
    assert left_out <= {*NOT_FOR_USERS, *FOLDERS_NOT_FOR_USERS}
    assert len(dict(shipped())) > 50
