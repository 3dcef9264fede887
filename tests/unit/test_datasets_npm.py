"""Files from an npm package, with a stand-in for the npm client."""

import hashlib
import io
import os
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.packages import Package
from deepcrit.data.fetch.wanted import FetchError, WantedFile

CONTENT = {f"file{seed}": np.random.default_rng(seed).bytes(200_000) for seed in range(2)}
WANTED = [WantedFile(name, "md5", hashlib.md5(content).hexdigest()) for name, content in CONTENT.items()]
PACKAGE = Package("npm", "digits", "1.2.3", "data", seconds=10)

ANSWERS = """
import shutil, sys
assert sys.argv[2] == "digits@1.2.3", sys.argv
if sys.argv[1] == "view":
    print("1.2.3")
else:
    assert sys.argv[1] == "pack"
    shutil.copy(TARBALL, ".")
"""
HANGS = """
import os, subprocess, sys, time
if sys.argv[1] == "view" and not HANGS_AT_ONCE:
    print("1.2.3")
    sys.exit()
child = subprocess.Popen(["sleep", "60"])
with open(PIDS, "w") as file:
    print(os.getpid(), child.pid, file=file)
time.sleep(60)
"""


def tarball_of(contents: dict[str, bytes], path: Path) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs a program as the only `npm`, with constants it may use."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")

    def install(program: str, **constants: object) -> None:
        lines = [
            f"#!{sys.executable} -S",
            *(f"{name} = {value!r}" for name, value in constants.items()),
            program,
        ]
        (programs / "npm").write_text("\n".join(lines), encoding="utf-8")
        (programs / "npm").chmod(0o755)

    return install


def all_below(tmp_path: Path) -> list[Path]:
    """What a failed fetch left in its scratch and destination directories."""
    return [*(tmp_path / "scratch").iterdir(), *(tmp_path / "all").iterdir()]


def failure(tmp_path: Path, package: Package = PACKAGE, timeout_seconds: float = 5.0) -> FetchError:
    with pytest.raises(FetchError) as caught:
        Downloader(timeout_seconds).fetch(WANTED, [package], tmp_path / "all")
    assert "npm package digits@1.2.3" in str(caught.value)
    return caught.value


def test_reads_the_files_out_of_the_tarball(npm: Callable[..., None], tmp_path: Path) -> None:
    """The wanted files, and no other, come out of the packed tarball, which is then discarded."""
    contents = {f"package/data/{name}": content for name, content in CONTENT.items()}
    npm(ANSWERS, TARBALL=str(tarball_of({**contents, "package/index.js": b"0"}, tmp_path / "digits.tgz")))
    Downloader().fetch(WANTED, [PACKAGE], tmp_path / "all")
    assert {path.name: path.read_bytes() for path in (tmp_path / "all").iterdir()} == CONTENT
    assert list((tmp_path / "scratch").iterdir()) == []


def test_wrong_and_missing_members(npm: Callable[..., None], tmp_path: Path) -> None:
    """A member with other content is refused with both checksums; an absent one is named."""
    npm(ANSWERS, TARBALL=str(tarball_of({"package/data/file0": b"wrong"}, tmp_path / "digits.tgz")))
    error = failure(tmp_path)
    assert f"found md5 {hashlib.md5(b'wrong').hexdigest()} (5 bytes), expected {WANTED[0].checksum}" in str(error)
    assert "the package holds no file package/data/file1" in str(error)
    assert [attempt.delivered for attempt in error.attempts] == [True, False]
    assert all_below(tmp_path) == []


@pytest.mark.parametrize("kept", [0, 1_000, 250_000])
def test_damaged_tarball(npm: Callable[..., None], tmp_path: Path, kept: int) -> None:
    """A tarball cut short is a failure of the package, wherever the cut is."""
    whole = tarball_of({f"package/data/{name}": c for name, c in CONTENT.items()}, tmp_path / "digits.tgz")
    whole.write_bytes(whole.read_bytes()[:kept])
    npm(ANSWERS, TARBALL=str(whole))
    assert "the package cannot be read" in str(failure(tmp_path))
    assert not [path for path in all_below(tmp_path) if path.name not in CONTENT]


def test_tarball_with_a_flipped_byte(npm: Callable[..., None], tmp_path: Path) -> None:
    """Damage inside a tarball is noticed by gzip or by the checksum, never accepted."""
    whole = tarball_of({f"package/data/{name}": c for name, c in CONTENT.items()}, tmp_path / "digits.tgz")
    damaged = bytearray(whole.read_bytes())
    damaged[100_000] ^= 0xFF
    whole.write_bytes(damaged)
    npm(ANSWERS, TARBALL=str(whole))
    assert {attempt.file for attempt in failure(tmp_path).attempts} >= {WANTED[0]}
    assert not (tmp_path / "all" / "file0").exists()


@pytest.mark.parametrize("hangs_at_once", [True, False])
def test_a_client_that_hangs_is_killed_with_its_children(
    npm: Callable[..., None], tmp_path: Path, hangs_at_once: bool
) -> None:
    """A client that does not come back, asked or packing, is ended in time along with what it started."""
    npm(HANGS, PIDS=str(tmp_path / "pids"), HANGS_AT_ONCE=hangs_at_once)
    began = time.monotonic()
    # the client may take three times as long as a server to answer
    if hangs_at_once:
        error = failure(tmp_path, timeout_seconds=1 / 3)
    else:
        error = failure(tmp_path, Package("npm", "digits", "1.2.3", "data", seconds=1.0))
    assert time.monotonic() - began < 5
    command = "view" if hangs_at_once else "pack"
    assert f"`npm {command}` had not finished after 1 s" in str(error)
    assert all_below(tmp_path) == []
    for pid in (tmp_path / "pids").read_text(encoding="utf-8").split():
        assert is_dead(pid)


def is_dead(pid: str) -> bool:
    """Whether a process is gone, or a zombie nobody has collected yet, allowing a moment for it."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


def test_what_the_client_complains_of_is_passed_on(npm: Callable[..., None], tmp_path: Path) -> None:
    """A client that fails is quoted, with its status."""
    npm("import sys; print('npm error code E404\\n\\nnpm error no such thing', file=sys.stderr); sys.exit(7)")
    reason = "`npm view` failed with status 7: npm error code E404 | npm error no such thing"
    assert reason in str(failure(tmp_path))
    assert all_below(tmp_path) == []


def test_unknown_version(npm: Callable[..., None], tmp_path: Path) -> None:
    """A registry that knows the package but not this version prints nothing, which is a failure."""
    npm("")
    assert "the registry has no digits@1.2.3" in str(failure(tmp_path))


def test_no_tarball(npm: Callable[..., None], tmp_path: Path) -> None:
    """A client that says it succeeded and leaves no tarball is not believed."""
    npm("print('1.2.3')")
    assert "the client left 0 files *.tgz, one was expected" in str(failure(tmp_path))


def test_no_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an npm client the source is unavailable, and says so."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "the client npm is not installed" in str(failure(tmp_path))
