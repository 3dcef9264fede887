"""Large downloads: gone on with where they stopped, accepted by checksum, and silent hosts asked once."""

import hashlib
import http.server
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.sources import PublicUrl
from deepcrit.data.fetch.wanted import FetchError, WantedFile

CONTENT = np.random.default_rng(1).bytes(300_000)
FILE = WantedFile("net-0123.pth", "sha256", hashlib.sha256(CONTENT).hexdigest()[:8])


class Server(http.server.ThreadingHTTPServer):
    """Gives the content; knows ranges unless told not to, and hangs up or stalls after some bytes of first answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str | None] = []
        self.ranges = True
        self.breaks: list[int] = []
        self.stalls = False
        self.over = threading.Event()
        self.content = CONTENT

    @property
    def source(self) -> PublicUrl:
        return PublicUrl(f"http://127.0.0.1:{self.server_port}/", suffix="")


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.asked.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.server.ranges else 0
        body = self.server.content[start:]
        if start and not body:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        stalls = self.server.stalls and bool(self.server.breaks)
        sent = body[: self.server.breaks.pop(0)] if self.server.breaks else body
        with suppress(OSError):
            self.wfile.write(sent)
            self.wfile.flush()
        if stalls:
            self.server.over.wait(30)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.over.set()
    running.shutdown()
    running.server_close()


def downloaded(server: Server, directory: Path, attempts: int = 5) -> bytes:
    return Downloader(5.0, attempts).fetch([FILE], [server.source], directory)[0].read_bytes()


@pytest.mark.parametrize("ranges", [True, False])
def test_a_server_that_dies_half_way(server: Server, tmp_path: Path, ranges: bool) -> None:
    """What has arrived is not asked for again where the server knows ranges, and not kept twice where it does not."""
    server.ranges, server.breaks = ranges, [100_000]
    with pytest.raises(FetchError, match="broke off after 100000 of 300000 bytes"):
        downloaded(server, tmp_path, attempts=1)
    assert [path.name for path in tmp_path.iterdir()] == [f"{FILE.name}.part"]
    assert downloaded(server, tmp_path) == CONTENT
    assert server.asked == [None, "bytes=100000-"]
    assert [path.name for path in tmp_path.iterdir()] == [FILE.name]
    assert downloaded(server, tmp_path) == CONTENT
    assert len(server.asked) == 2


def test_attempts_that_get_on_go_on(server: Server, tmp_path: Path) -> None:
    """A download that breaks off twice is finished at once; one that gets nowhere is given up, and leaves nothing."""
    server.breaks = [100_000, 50_000]
    assert downloaded(server, tmp_path) == CONTENT
    assert server.asked == [None, "bytes=100000-", "bytes=150000-"]
    server.breaks = [0, 0, 0]
    with pytest.raises(FetchError, match="broke off after 0"):
        downloaded(server, tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_stall_after_some_bytes_is_a_break(server: Server, tmp_path: Path) -> None:
    """A host that stalls half way is gone on with and asked for other files; one that gave nothing is silent."""
    server.stalls, server.breaks = True, [100_000, 50_000]
    downloads = Downloader(1.0)
    assert downloads.fetch([FILE], [server.source], tmp_path)[0].read_bytes() == CONTENT
    assert server.asked == [None, "bytes=100000-", "bytes=150000-"]
    server.breaks = [100_000]
    with pytest.raises(FetchError, match="stalled after 100000 bytes"):
        Downloader(1.0, attempts=1).fetch([FILE], [server.source], tmp_path / "once")
    server.breaks = [0]
    with pytest.raises(FetchError, match="stalled after 0 bytes"):
        downloads.fetch([FILE], [server.source], tmp_path / "nothing")
    asked = len(server.asked)
    with pytest.raises(FetchError, match="was given up"):
        downloads.fetch([FILE], [server.source], tmp_path / "other")
    assert len(server.asked) == asked


def test_a_job_that_is_stopped_keeps_what_has_arrived(server: Server, tmp_path: Path) -> None:
    """SIGTERM in the middle of a download leaves its part, with which the next job goes on."""
    server.stalls, server.breaks = True, [100_000]
    program = (
        "from pathlib import Path; from deepcrit.data.fetch.downloader import Downloader;"
        "from deepcrit.data.fetch.sources import PublicUrl; from deepcrit.data.fetch.wanted import WantedFile;"
        f"Downloader(30).fetch([{FILE!r}], [{server.source!r}], Path({str(tmp_path)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    part = tmp_path / f"{FILE.name}.part"
    try:
        deadline = time.monotonic() + 15
        while not (part.exists() and part.stat().st_size > 65_536) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 143
    finally:
        process.kill()
        process.wait()
    held = part.stat().st_size
    assert held > 65_536
    assert downloaded(server, tmp_path) == CONTENT
    assert server.asked == [None, f"bytes={held}-"]


def test_a_job_that_waited_takes_the_file_of_another(server: Server, tmp_path: Path) -> None:
    """Of several jobs that fetch one file at once, one asks for it, and no part is left."""
    jobs = [threading.Thread(target=downloaded, args=(server, tmp_path)) for _ in range(4)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert [path.name for path in tmp_path.iterdir()] == [FILE.name]
    assert server.asked == [None]


def test_wrong_content(server: Server, tmp_path: Path) -> None:
    """A file of another checksum is refused with both, and nothing of it is left."""
    server.content = CONTENT[::-1]
    with pytest.raises(FetchError, match=rf"found sha256 {hashlib.sha256(CONTENT[::-1]).hexdigest()} .*expected"):
        downloaded(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rest", [CONTENT[:999][::-1], CONTENT + b"more", CONTENT])
def test_a_part_of_another_file(server: Server, tmp_path: Path, rest: bytes) -> None:
    """A part that does not belong to the file, or is longer, is thrown away; one that is whole is not asked for."""
    (tmp_path / f"{FILE.name}.part").write_bytes(rest)
    assert downloaded(server, tmp_path) == CONTENT
    assert len(server.asked) == (1 if rest == CONTENT else 2)


def test_a_silent_host_is_asked_once(server: Server, tmp_path: Path) -> None:
    """Eighty files of a host without a name cost under a second, a missing file condemns none, others still answer."""
    downloads, silent = Downloader(5.0), PublicUrl("https://no-such-host.invalid/", suffix="")
    began = time.monotonic()
    for number in range(80):
        with pytest.raises(FetchError, match=r"no-such-host\.invalid"):
            downloads.fetch([WantedFile(f"{number}", "md5", "0" * 32)], [silent], tmp_path)
    assert time.monotonic() - began < 1
    assert list(tmp_path.iterdir()) == []
    assert downloads.fetch([FILE], [server.source], tmp_path)[0].read_bytes() == CONTENT
