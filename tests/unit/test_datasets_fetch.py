"""Fetching by checksum: what is accepted, what is given up, and what is left behind."""

import errno
import fcntl
import gzip
import hashlib
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from deepcrit.core.locks import lock_file
from deepcrit.data.fetch import downloader
from deepcrit.data.fetch.downloader import Downloader
from deepcrit.data.fetch.patience import patiently
from deepcrit.data.fetch.sources import LocalDirectory, Opener, PublicUrl, Source
from deepcrit.data.fetch.streams import Stream
from deepcrit.data.fetch.wanted import FetchError, WantedFile

CONTENT = {
    name: np.random.default_rng(seed).bytes(size)
    for seed, (name, size) in enumerate({"weights": 300_000, "labels": 1_000}.items())
}


def wanted(name: str, sized: bool = True) -> WantedFile:
    content = CONTENT[name]
    return WantedFile(name, "md5", hashlib.md5(content).hexdigest(), len(content) if sized else None)


WANTED = [wanted(name) for name in CONTENT]
NEVER = 600.0  # seconds that a silent server waits: who ends much sooner has not waited for it, on any machine


def fetch(
    files: Sequence[WantedFile], sources: Sequence[Source], directory: Path, timeout_seconds: float = 10
) -> list[Path]:
    return Downloader(timeout_seconds).fetch(files, sources, directory)


def found_in(directory: Path) -> dict[str, bytes]:
    """Everything in a directory, hidden or not."""
    return {path.name: path.read_bytes() for path in directory.iterdir()}


class Server(http.server.ThreadingHTTPServer):
    """Behaves as the first part of the path says; remembers what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Behaviour)
        self.asked: list[str] = []
        self.stopping = threading.Event()

    def source(self, behaviour: str, suffix: str = ".gz") -> PublicUrl:
        return PublicUrl(f"http://127.0.0.1:{self.server_port}/{behaviour}/", suffix)


class Behaviour(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        _, behaviour, name = self.path.split("/")
        content = CONTENT[name.removesuffix(".gz")]
        body = gzip.compress(content) if name.endswith(".gz") else content
        with suppress(OSError):  # the client may hang up, as it should on some
            getattr(self, behaviour)(body)

    def head(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def good(self, body: bytes) -> None:
        self.head(len(body))
        self.wfile.write(body)

    def another(self, body: bytes) -> None:
        self.good(gzip.compress(b"something else"))

    def endless(self, body: bytes) -> None:
        self.good(gzip.compress(bytes(10_000_000)))

    def page(self, body: bytes) -> None:
        self.good(b"<html>Log in to this network</html>")

    def half(self, body: bytes) -> None:
        self.head(len(body))
        self.wfile.write(body[: len(body) // 2])

    def half_in_all(self, body: bytes) -> None:
        self.good(body[: len(body) // 2])

    def absent(self, body: bytes) -> None:
        self.send_error(404)

    def broken(self, body: bytes) -> None:
        self.send_error(503)

    def silent(self, body: bytes) -> None:
        self.server.stopping.wait(NEVER)

    def mute_after_head(self, body: bytes) -> None:
        self.head(len(body))
        self.server.stopping.wait(NEVER)

    def trickle(self, body: bytes) -> None:
        self.head(len(body))
        self.drip(body)

    def trickle_head(self, body: bytes) -> None:
        self.drip(b"HTTP/1.0 200 OK\r\nX-Padding: " + b"x" * 10_000)

    def drip(self, text: bytes) -> None:
        for byte in text:
            self.wfile.write(bytes([byte]))
            if self.server.stopping.wait(0.05):
                return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield running
        running.stopping.set()
        running.shutdown()


@pytest.mark.parametrize("suffix", [".gz", ""])
@pytest.mark.parametrize("sized", [True, False])
def test_takes_intact_files_from_a_url(server: Server, tmp_path: Path, suffix: str, sized: bool) -> None:
    """Files served whole, compressed or not, arrive byte for byte and in the order asked for."""
    files = [wanted(name, sized) for name in CONTENT]
    paths = fetch(files, [server.source("good", suffix)], tmp_path / "new" / "directory")
    assert [path.name for path in paths] == list(CONTENT)
    assert found_in(tmp_path / "new" / "directory") == CONTENT


FAULTS = {
    "another": f"found md5 {hashlib.md5(b'something else').hexdigest()} (14 bytes), expected",
    "endless": "is longer than",
    "page": "the gzip stream is damaged",
    "half": "broke off after",
    "half_in_all": "the gzip stream ends early",
    "absent": "answered 404",
}
SILENCES = {
    "broken": "answered 503",
    "silent": "did not answer within 0.5 s",
    "trickle_head": "did not answer within 0.5 s",
    "mute_after_head": "stalled after 0 bytes",
    "trickle": "stalled after",
}


@pytest.mark.parametrize(("behaviour", "reason"), [*FAULTS.items(), *SILENCES.items()])
def test_failures_name_everything_and_leave_nothing(
    server: Server, tmp_path: Path, behaviour: str, reason: str
) -> None:
    """Whatever a server does wrong, no file appears; the error tells file, checksum, source and reason."""
    patience = 0.5 if behaviour in SILENCES else 60
    with pytest.raises(FetchError) as caught:
        fetch(WANTED, [server.source(behaviour)], tmp_path, patience)
    assert found_in(tmp_path) == {}
    for file in WANTED:
        assert file.name in str(caught.value)
        assert file.checksum in str(caught.value)
    assert f"/{behaviour}/: {reason}" in str(caught.value)
    assert [attempt.file for attempt in caught.value.attempts] == WANTED
    assert all(attempt.delivered == (behaviour in ("another", "endless")) for attempt in caught.value.attempts)


@pytest.mark.parametrize("behaviour", [*FAULTS, *SILENCES])
def test_falls_through_to_the_next_source(server: Server, tmp_path: Path, behaviour: str) -> None:
    """After any failure the next source gives the files; a silent one is asked only once."""
    patience = 1.0 if behaviour in SILENCES else 10  # of the good source as well, which may be on a busy machine
    sources = [
        server.source(behaviour),
        server.source("good"),
        server.source("good", ""),
    ]
    fetch(WANTED, sources, tmp_path, patience)
    assert found_in(tmp_path) == CONTENT
    first = [path for path in server.asked if path.startswith(f"/{behaviour}/")]
    assert len(first) == (1 if behaviour in SILENCES else len(WANTED))
    assert server.asked[len(first) :] == [f"/good/{name}.gz" for name in CONTENT]


def test_a_name_server_that_is_silent_costs_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking up a host's name, which has no timeout of its own, is subject to ours."""
    done = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: done.wait(NEVER))
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"did not answer within 0\.1 s"):
        fetch(WANTED, [PublicUrl("http://127.0.0.1/")], tmp_path, 0.1)
    assert time.monotonic() - began < NEVER / 2
    done.set()


def test_slow_but_steady_is_not_given_up() -> None:
    """A stream longer than the timeout in all, which never makes us wait that long, is read to its end."""

    def steady() -> Iterator[bytes]:
        for _ in range(6):
            time.sleep(0.1)
            yield bytes(1 << 16)

    assert sum(map(len, patiently(steady, 0.4))) == 6 << 16


def test_time_of_the_consumer_is_not_counted() -> None:
    """A consumer slower than the timeout does not make a prompt producer look stalled."""
    total = 0
    for block in patiently(lambda: iter([b"a"] * 3), 0.1):
        time.sleep(0.15)
        total += len(block)
    assert total == 3


def test_closed_port_and_unknown_host_are_named(tmp_path: Path) -> None:
    """Refused connections and names that do not resolve are failures of the source like any other."""
    sources = [PublicUrl("http://127.0.0.1:9/"), PublicUrl("http://nowhere.invalid/")]
    with pytest.raises(FetchError) as caught:
        fetch(WANTED, sources, tmp_path)
    for source in sources:
        assert str(caught.value).count(f"{source.base}: did not answer") == len(WANTED)


def test_each_file_may_come_from_another_source(tmp_path: Path) -> None:
    """A source that lacks one file still gives the others, and the missing one is taken elsewhere."""
    for number, name in enumerate(CONTENT):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / name).write_bytes(CONTENT[name])
    fetch(WANTED, [LocalDirectory(tmp_path / "0"), LocalDirectory(tmp_path / "1")], tmp_path / "all")
    assert found_in(tmp_path / "all") == CONTENT


def test_error_lists_the_sources_in_order_for_the_missing_file_only(server: Server, tmp_path: Path) -> None:
    """The error is about the file that is missing, tells every source tried, and keeps what did arrive."""
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "labels").write_bytes(CONTENT["labels"])
    sources: list[Source] = [
        server.source("absent"),
        LocalDirectory(tmp_path / "local"),
        server.source("another"),
    ]
    with pytest.raises(FetchError) as caught:
        fetch(WANTED, sources, tmp_path / "all")
    assert [attempt.source for attempt in caught.value.attempts] == [source.label for source in sources]
    assert "labels" not in {attempt.file.name for attempt in caught.value.attempts}
    assert found_in(tmp_path / "all") == {"labels": CONTENT["labels"]}


def test_files_already_there_are_kept_and_wrong_ones_replaced(server: Server, tmp_path: Path) -> None:
    """A right file is not fetched again; a wrong one under the same name gives way to the right one."""
    (tmp_path / "labels").write_bytes(CONTENT["labels"])
    (tmp_path / "weights").write_bytes(bytes(len(CONTENT["weights"])))
    fetch(WANTED, [server.source("good")], tmp_path)
    assert found_in(tmp_path) == CONTENT
    assert server.asked == ["/good/weights.gz"]


@pytest.mark.parametrize("compressed", [False, True])
def test_local_directory_gives_raw_and_compressed_files(tmp_path: Path, compressed: bool) -> None:
    """A local directory may hold the files as they are or gzipped, in several members even."""
    local = tmp_path / "local"
    local.mkdir()
    for name, content in CONTENT.items():
        if compressed:
            members = gzip.compress(content[:500]) + gzip.compress(content[500:])
            (local / f"{name}.gz").write_bytes(members)
        else:
            (local / name).write_bytes(content)
    Downloader().fetch(WANTED, [], tmp_path / "all", local)
    assert found_in(tmp_path / "all") == CONTENT


def test_zeros_after_a_member_are_padding(tmp_path: Path) -> None:
    """As gzip itself takes them: zeros between members and at the end, longer than a block, are no damage."""
    padded = gzip.compress(CONTENT["labels"][:500]) + bytes(512) + gzip.compress(CONTENT["labels"][500:])
    (tmp_path / "labels.gz").write_bytes(padded + bytes(200_000))
    Downloader().fetch([wanted("labels")], [], tmp_path / "all", tmp_path)
    (tmp_path / "labels.gz").write_bytes(padded + b"\0garbage")
    with pytest.raises(FetchError, match="the gzip stream is damaged"):
        Downloader().fetch([wanted("labels")], [], tmp_path / "again", tmp_path)


def test_a_whole_file_is_found_beside_a_damaged_one(tmp_path: Path) -> None:
    """A local directory with a file cut short, and the whole one compressed, gives the whole one; or the reverse."""
    for name, content in CONTENT.items():
        (tmp_path / name).write_bytes(content[:100] if name == "weights" else content)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content)[: None if name == "weights" else 100])
    Downloader().fetch(WANTED, [], tmp_path / "all", tmp_path)
    assert found_in(tmp_path / "all") == CONTENT


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, number: int
) -> None:
    """Where files cannot be locked, downloads go on, and say so; any other error of locking is told."""

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    (tmp_path / "labels").write_bytes(CONTENT["labels"])
    fetch([wanted("labels")], [LocalDirectory(tmp_path)], tmp_path / "all")
    assert found_in(tmp_path / "all") == {"labels": CONTENT["labels"]}
    assert "has no locks" in caplog.text
    number = errno.EIO
    with pytest.raises(OSError, match="Input/output error"):
        fetch([wanted("labels")], [LocalDirectory(tmp_path)], tmp_path / "other")


def test_files_in_folders(tmp_path: Path) -> None:
    """Names may have folders in them, so that files of one name in several folders are told apart."""
    files = []
    for folder in ("x2", "x4"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "model").write_text(folder, encoding="utf-8")
        files.append(WantedFile(f"{folder}/model", "md5", hashlib.md5(folder.encode()).hexdigest()))
    paths = fetch(files, [LocalDirectory(tmp_path)], tmp_path / "all")
    assert [path.read_text(encoding="utf-8") for path in paths] == ["x2", "x4"]


def test_local_directory_that_is_missing_is_named(tmp_path: Path) -> None:
    """A directory that does not exist is told by name."""
    with pytest.raises(FetchError, match=r"directory .*nowhere: there is no such directory"):
        fetch(WANTED, [LocalDirectory(tmp_path / "nowhere")], tmp_path / "all")


class Interrupting:
    """Gives half of a file, then the interrupt comes."""

    label = "interrupting source"
    resumes = False

    def __init__(self, interrupt: BaseException) -> None:
        self.interrupt = interrupt

    @contextmanager
    def opened(self, _: float) -> Iterator[Opener]:
        yield self.stream

    def stream(self, name: str, _: int) -> Stream:
        yield CONTENT[name][:100]
        raise self.interrupt


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), SystemExit(1), MemoryError()])
def test_interrupts_pass_through_and_leave_nothing(tmp_path: Path, interrupt: BaseException) -> None:
    """An interrupt is not taken for a failure of the source, and the half file is gone."""
    with pytest.raises(type(interrupt)):
        fetch(WANTED, [Interrupting(interrupt), LocalDirectory(tmp_path)], tmp_path / "all")
    assert found_in(tmp_path / "all") == {}


def test_an_interrupt_before_anything_has_arrived_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even an empty file, if the signal arrives while the half file is opened."""
    locked = downloader.lock_file

    def interrupted(file: IO[Any], wait: bool = True) -> bool:
        monkeypatch.setattr(downloader, "lock_file", locked)
        raise KeyboardInterrupt

    monkeypatch.setattr(downloader, "lock_file", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch(WANTED, [LocalDirectory(tmp_path)], tmp_path / "all")
    assert found_in(tmp_path / "all") == {}


def test_what_another_job_has_in_hand_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that is interrupted while it waits for another does not take its half file away."""
    (tmp_path / "all").mkdir()
    name = WANTED[0].name

    def interrupted(file: IO[Any], wait: bool = True) -> bool:
        if wait:
            raise KeyboardInterrupt
        return lock_file(file, wait)

    with (tmp_path / "all" / f"{name}.part").open("wb") as other:
        lock_file(other)
        monkeypatch.setattr(downloader, "lock_file", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fetch(WANTED, [LocalDirectory(tmp_path)], tmp_path / "all")
        assert set(found_in(tmp_path / "all")) == {f"{name}.part"}


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 143)])
def test_signals_leave_nothing(server: Server, tmp_path: Path, number: int, status: int) -> None:
    """A process stopped from outside in the middle of a download removes the half file before it ends."""
    program = (
        "import signal; from pathlib import Path;"
        "from deepcrit.data.fetch.downloader import Downloader; from deepcrit.data.fetch.sources import PublicUrl;"
        "from deepcrit.data.fetch.wanted import WantedFile;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"  # a background shell may ignore it
        f"source = PublicUrl({server.source('trickle').base!r});"
        f"Downloader(30).fetch([WantedFile('weights', 'md5', '0' * 32)], [source], Path({str(tmp_path)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 15
        while not list(tmp_path.glob("weights.part")) and time.monotonic() < deadline:
            time.sleep(0.001)
        assert list(tmp_path.glob("weights.part"))
        process.send_signal(number)
        assert process.wait(10) == status
    finally:
        process.kill()
        process.wait()
    assert found_in(tmp_path) == {}


def test_termination_handler_is_given_back(tmp_path: Path) -> None:
    """After a fetch, failed or not, SIGTERM means again what it meant before."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(FetchError):
        fetch(WANTED, [LocalDirectory(tmp_path)], tmp_path / "all")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_unwritable_destination_is_not_blamed_on_the_source(tmp_path: Path) -> None:
    """A destination that cannot be written is an OSError about it, not a failed source."""
    (tmp_path / "all").mkdir(mode=0o500)
    (tmp_path / "labels").write_bytes(CONTENT["labels"])
    with pytest.raises(PermissionError):
        fetch([wanted("labels")], [LocalDirectory(tmp_path)], tmp_path / "all")


def test_destination_that_is_a_directory_is_not_blamed_on_the_source(tmp_path: Path) -> None:
    """When a file cannot be put in its place the error is an OSError, and nothing is left beside it."""
    (tmp_path / "labels").write_bytes(CONTENT["labels"])
    (tmp_path / "all" / "labels").mkdir(parents=True)
    with pytest.raises(OSError, match="labels"):
        fetch([wanted("labels")], [LocalDirectory(tmp_path)], tmp_path / "all")
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["labels"]


def test_no_source_and_bad_urls_are_refused(tmp_path: Path) -> None:
    """Mistakes of the caller are ValueErrors, raised before anything is asked."""
    with pytest.raises(ValueError, match="no source"):
        fetch(WANTED, [], tmp_path)
    with pytest.raises(ValueError, match="slash"):
        PublicUrl("https://example.org/mnist")
    with pytest.raises(ValueError, match="http"):
        PublicUrl("file:///etc/")
    with pytest.raises(ValueError, match="timeout_seconds"):
        Downloader(0)


def test_progress_is_logged(server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log tells which source was asked, why it was given up, and where each file came from."""
    with caplog.at_level("INFO"):
        fetch(WANTED, [server.source("broken"), server.source("good")], tmp_path)
    assert "/broken/ is given up: answered 503" in caplog.text
    assert "labels: from http://127.0.0.1" in caplog.text
    assert "md5 verified" in caplog.text


def test_the_first_digits_of_a_checksum_are_enough(tmp_path: Path) -> None:
    """A published beginning of a checksum accepts the file and no other; fewer than eight digits accept nothing."""
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "w").write_bytes(b"weights")
    digits = hashlib.sha256(b"weights").hexdigest()
    source = LocalDirectory(tmp_path / "local")
    (path,) = fetch([WantedFile("w", "sha256", digits[:8])], [source], tmp_path / "here")
    assert path.read_bytes() == b"weights"
    with pytest.raises(FetchError, match="found sha256"):
        fetch([WantedFile("w", "sha256", digits[1:9])], [source], tmp_path / "there")
    with pytest.raises(ValueError, match="expected at least eight digits"):
        WantedFile("w", "sha256", digits[:7])
