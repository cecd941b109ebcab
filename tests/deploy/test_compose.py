"""The compose file says what is there: commands that exist, with their options; paths, volumes, variables and dependencies."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from saite.cli.main import app
from schema import ROOMS

HOUSE = Path(__file__).resolve().parents[2]
DEPLOY = HOUSE / "deploy"
FLOORS = {"postgres": (15,), "mongo": (7,), "rabbitmq": (3, 13), "elasticsearch": (8, 19)}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def ours(compose: dict[str, Any]) -> dict[str, Any]:
    return {name: service for name, service in compose["services"].items() if service["image"] == "saite"}


def test_each_command_is_one_of_saite_with_options_that_it_has(compose, monkeypatch):
    for service in ours(compose).values():
        for name, value in service["environment"].items():
            monkeypatch.setenv(name, value)
        command, words = get_command(app), list(service["command"])
        while hasattr(command, "commands"):
            command = command.commands[words.pop(0)]
        mounted = {volume.split(":")[1] for volume in service["volumes"]}
        words = [__file__ if word in mounted else word for word in words]  # there it is a file
        assert command.make_context(command.name, words), service["command"]


def test_every_room_has_its_service_and_a_route_to_it(compose):
    routes = [word for word in compose["services"]["gateway"]["command"] if "=http" in word]
    assert routes == [f"{room}=http://{room}:4001/graphql" for room in ROOMS]
    for room in ROOMS:
        assert compose["services"][room]["command"][:3] == ["serve", "subgraph", room]
        assert f"SAITE_{room.upper()}_STORE" in compose["services"][room]["environment"]


def test_variables_are_ones_that_saite_reads(compose):
    source = "".join(path.read_text("utf-8") for path in (HOUSE / "saite").rglob("*.py"))
    for service in ours(compose).values():
        for name in service["environment"]:
            assert name in source or re.fullmatch(r"SAITE_[A-Z]+_STORE", name), name


def test_stores_are_of_versions_that_are_supported(compose):
    found = {}
    for service in compose["services"].values():
        name, _, version = service["image"].partition(":")
        if name != "saite":
            found[name] = tuple(int(part) for part in re.findall(r"\d+", version))
    assert found.keys() == FLOORS.keys()
    assert all(found[name] >= floor for name, floor in FLOORS.items())


def test_what_is_waited_for_and_mounted_is_there(compose):
    for name, service in compose["services"].items():
        for awaited, how in service.get("depends_on", {}).items():
            assert awaited in compose["services"], name
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][awaited]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).is_file(), volume
    for variable in re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text("utf-8")):
        assert variable in (DEPLOY / ".env.example").read_text("utf-8")


def test_no_password_stands_in_the_file_and_the_machine_alone_reaches_it(compose):
    assert not re.search(r"://\w+:[^$]+@", (DEPLOY / "compose.yaml").read_text("utf-8"))
    for service in compose["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_image_is_made_of_what_the_checkout_has():
    copied = re.findall(r"^COPY (?!--from)(\S+)", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert all((HOUSE / path).exists() for path in copied)
    assert "--require-hashes" in (DEPLOY / "Dockerfile").read_text("utf-8")
