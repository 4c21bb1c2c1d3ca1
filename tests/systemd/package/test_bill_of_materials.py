"""Wheels, their licences, and the bill of materials that is made of them."""

import json
import re
from email.message import Message
from pathlib import Path

import pytest

from systemd.package.bill_of_materials import bill_of_materials
from systemd.package.failures import NotBuilt
from systemd.package.licences import Licence, licence_of
from systemd.package.source_tree import SourceTree
from systemd.package.wheels import Target, fits, libc, locked, read_wheel, unpack
from tests.systemd.package.made_wheels import wheel

ROOT = Path(__file__).parents[3]
TREE = SourceTree(root=ROOT, version="1.2.3", moment=1_700_000_000)
BOOKWORM = Target(python="3.11", architecture="amd64")


def metadata(**headers: str) -> Message:
    message = Message()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ({"License_Expression": "MIT OR Apache-2.0"}, Licence(expression="MIT OR Apache-2.0")),
        ({"License": "MIT OR Apache-2.0"}, Licence(expression="MIT OR Apache-2.0")),
        (
            {"License": "Dual License", "Classifier": "License :: OSI Approved :: BSD License"},
            Licence(names=("BSD License",)),
        ),
        ({"License": "See the file\nfor more"}, Licence(names=("See the file",))),
        ({}, Licence()),
    ],
)
def test_a_licence_is_said_in_the_words_of_the_package(said: dict[str, str], licence: Licence) -> None:
    assert licence_of(metadata(**said)) == licence


@pytest.mark.parametrize(
    ("file", "runs"),
    [
        ("six-1.0-py2.py3-none-any.whl", True),
        ("core-1.0-cp311-cp311-manylinux_2_17_x86_64.whl", True),
        ("core-1.0-cp39-abi3-manylinux_2_34_x86_64.whl", True),
        ("core-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", False),
        ("core-1.0-cp312-abi3-manylinux_2_17_x86_64.whl", False),
        ("core-1.0-cp311-cp311-manylinux_2_17_aarch64.whl", False),
        ("core-1.0-cp311-cp311-musllinux_1_2_x86_64.whl", False),
        ("core-1.0-cp311-cp311-manylinux_2_39_x86_64.whl", False),
    ],
)
def test_a_native_wheel_fits_one_python_and_one_machine(tmp_path: Path, file: str, *, runs: bool) -> None:
    assert fits(wheel(tmp_path, file), BOOKWORM) is runs


def test_the_c_library_that_is_needed_is_the_newest_that_any_wheel_needs(tmp_path: Path) -> None:
    files = [
        "one-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl",
        "two-1.0-cp39-abi3-manylinux_2_28_x86_64.whl",
        "three-1.0-py3-none-any.whl",
    ]
    assert libc(wheel(tmp_path, file) for file in files) == (2, 28)


def test_an_unpacked_wheel_has_no_programs_of_its_own(tmp_path: Path) -> None:
    one = wheel(
        tmp_path,
        "one-1.0-py3-none-any.whl",
        **{"one-1.0.data/scripts/one": "#!python", "one-1.0.data/purelib/two.py": ""},
    )
    unpack(one, tmp_path / "there")
    assert {
        path.relative_to(tmp_path / "there").as_posix() for path in (tmp_path / "there").rglob("*") if path.is_file()
    } == {
        "one/__init__.py",
        "two.py",
        "one-1.0.dist-info/METADATA",
    }


@pytest.mark.parametrize("inside", ["../../etc/passwd", "odd.pth"])
def test_a_wheel_that_reaches_out_of_its_folder_is_refused(tmp_path: Path, inside: str) -> None:
    with pytest.raises(NotBuilt, match=re.escape(inside)):
        unpack(wheel(tmp_path, "one-1.0-py3-none-any.whl", **{inside: ""}), tmp_path / "there")


def test_something_else_under_the_name_of_a_wheel_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one-1.0-py3-none-any.whl").write_text("no archive")
    with pytest.raises(NotBuilt, match="is not a wheel"):
        read_wheel(tmp_path / "one-1.0-py3-none-any.whl")


def test_every_package_of_the_lock_is_read_from_it() -> None:
    names = {name for name, _ in locked(ROOT / "requirements.lock")}
    assert {"pyvmomi", "pydantic-core", "trustme"} <= names
    assert len(names) == len(re.findall("^[a-z]", (ROOT / "requirements.lock").read_text(), re.MULTILINE))


@pytest.fixture
def bill(tmp_path: Path) -> dict[str, object]:
    own = wheel(
        tmp_path,
        "checkmeter-1.2.3-py3-none-any.whl",
        "License-Expression: Apache-2.0",
        "Requires-Dist: one>=1",
        "Requires-Dist: Two ; extra == 'simulator'",
        "Requires-Dist: three ; sys_platform == 'win32'",
    )
    others = [
        wheel(tmp_path, "one-1.0-py3-none-any.whl", "License: MIT", "Summary: The first"),
        wheel(tmp_path, "two-2.0-cp311-cp311-manylinux_2_17_x86_64.whl", "License: Mine alone"),
        wheel(tmp_path, "two-2.0-cp312-cp312-manylinux_2_17_x86_64.whl", "License: Mine alone"),
        wheel(tmp_path, "three-3.0-py3-none-any.whl"),
    ]
    text = bill_of_materials(TREE, own, others, BOOKWORM.markers)
    assert bill_of_materials(TREE, own, others[::-1], BOOKWORM.markers) == text, "the order of files is no matter"
    return dict(json.loads(text))


def test_the_bill_names_each_package_with_version_hash_licence_and_address(bill, tmp_path: Path) -> None:
    one, three, two = bill["components"]
    assert one == {
        "type": "library",
        "bom-ref": "pkg:pypi/one@1.0",
        "name": "one",
        "version": "1.0",
        "purl": "pkg:pypi/one@1.0",
        "licenses": [{"expression": "MIT"}],
        "description": "The first",
        "hashes": [{"alg": "SHA-256", "content": read_wheel(tmp_path / "one-1.0-py3-none-any.whl").sha256}],
    }
    assert three["licenses"] == [], "a licence that is not said is not guessed"
    assert two["licenses"] == [{"license": {"name": "Mine alone"}}]
    assert [file["name"] for file in two["components"]] == [
        "two-2.0-cp311-cp311-manylinux_2_17_x86_64.whl",
        "two-2.0-cp312-cp312-manylinux_2_17_x86_64.whl",
    ]
    assert all(re.fullmatch("[0-9a-f]{64}", file["hashes"][0]["content"]) for file in two["components"])


def test_the_bill_says_what_needs_what_on_that_machine(bill) -> None:
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert needs == {
        "pkg:pypi/checkmeter@1.2.3": ["pkg:pypi/one@1.0", "pkg:pypi/two@2.0"],
        "pkg:pypi/one@1.0": [],
        "pkg:pypi/two@2.0": [],
        "pkg:pypi/three@3.0": [],
    }


def test_the_bill_has_what_cyclonedx_asks_for(bill) -> None:
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    assert bill["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
    assert bill["metadata"]["component"]["type"] == "application"
    references = [one["bom-ref"] for one in (bill["metadata"]["component"], *bill["components"])]
    assert len(set(references)) == len(references)
