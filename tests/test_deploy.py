"""What deploy/ holds is read by the programs it is for, on machines that have them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.source import ROOT

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SYSTEMD = shutil.which("systemd-analyze")
CONFIGURATIONS = sorted((ROOT / "deploy").glob("*.conf"))
UNITS = sorted((ROOT / "deploy").glob("*.service"))


def test_deploy_holds_what_is_tried_here_and_nothing_else() -> None:
    assert CONFIGURATIONS
    assert UNITS
    tried_elsewhere = [ROOT / "deploy" / "trim-libraries"]  # scripts/try-image
    assert sorted((ROOT / "deploy").iterdir()) == sorted([*CONFIGURATIONS, *UNITS, *tried_elsewhere])


@pytest.mark.skipif(not NGINX, reason="nginx is not installed: apt-get install nginx")
@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda one: one.name)
def test_nginx_reads_it(configuration: Path, tmp_path: Path) -> None:
    # Its own folders are root's: these stand for them, so that anybody can try.
    text = re.sub(r"/var/(log|cache)/(nginx/)?", f"{tmp_path}/", configuration.read_text("utf-8"))
    (tmp_path / "nginx.conf").write_text(text, "utf-8")
    process = subprocess.run([str(NGINX), "-t", "-e", str(tmp_path / "error.log"), "-c", str(tmp_path / "nginx.conf"),
                              "-g", f"pid {tmp_path}/pid;"], capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    assert "[warn]" not in process.stderr.replace('"user" directive', "")


@pytest.mark.skipif(not SYSTEMD, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda one: one.name)
def test_systemd_reads_it(unit: Path, tmp_path: Path) -> None:
    # The program it starts is not on this machine's /opt: `true` stands for it, so that all else is judged.
    text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text("utf-8"))
    (tmp_path / unit.name).write_text(text, "utf-8")
    process = subprocess.run([str(SYSTEMD), "verify", str(tmp_path / unit.name.replace("@", "@8501"))],
                             capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
