"""The built wheel, in an environment of its own and far from the checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_installed_wheel_runs_the_demo(tmp_path, start, ask):
    built = tmp_path / "wheel"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built], cwd=HOUSE, check=True, capture_output=True
    )
    (wheel,) = built.glob("*.whl")
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True, capture_output=True)
    # The dependencies are those of this environment; ours must come from the wheel, so only what is not ours is lent.
    lent = Path(sysconfig.get_paths()["purelib"])
    target = Path(
        subprocess.check_output([python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"], text=True).strip()
    )
    for entry in lent.iterdir():
        if not (target / entry.name).exists() and "saite" not in entry.name and entry.suffix != ".pth":
            (target / entry.name).symlink_to(entry)
    where = subprocess.check_output([python, "-c", "import saite; print(saite.__file__)"], text=True, cwd=tmp_path)
    assert where.startswith(str(home))
    words = [home / "bin" / "saite", "demo", "--port", "0", "--data", tmp_path / "data"]
    with start(words, tmp_path / "demo", cwd=tmp_path) as demo:
        url = demo.address("Ctrl-C ends it.")
        assert ask(url, {"query": "{ __typename }"})[0] == 401
        line = next(line for line in demo.stdout.read_text().splitlines() if "--agency LV-STAT" in line)
        answered = subprocess.run(line, shell=True, capture_output=True, text=True, check=True, cwd=tmp_path)
        assert '"totalCount"' in answered.stdout
        assert demo.interrupt() == 0
