"""Waiting for a stream that may never come."""

import queue
import threading
import time
from collections.abc import Callable, Iterable

from deepcrit.data.fetch.streams import BLOCK, SourceSilentError, Stream


def patiently(produce: Callable[[], Iterable[bytes]], timeout_seconds: float) -> Stream:
    """Pass on what `produce()` yields, giving up on one who keeps us waiting.

    Its first block, which may be empty, is the sign that it answers and must come within `timeout_seconds`; after that
    another 64 KiB, or the end, must come within every `timeout_seconds` of waiting. Time the consumer spends on a block
    is not counted. The producer runs in a thread of its own, so that no call in it (looking up a name, connecting to
    each of a host's addresses, reading a header that trickles in) can outlast our patience; once given up it ends at
    its next block, or with the process.

    Raises:
        SourceSilentError: when patience ends, and whatever the producer raises.
    """
    inbox: queue.Queue[bytes | BaseException | None] = queue.Queue(maxsize=16)
    abandoned = threading.Event()

    def post(item: bytes | BaseException | None) -> None:
        while not abandoned.is_set():
            try:
                inbox.put(item, timeout=0.1)
                return
            except queue.Full:
                pass

    def work() -> None:
        try:
            for block in produce():
                post(block)
                if abandoned.is_set():
                    return
            post(None)
        except BaseException as error:
            post(error)

    threading.Thread(target=work, name="fetch", daemon=True).start()
    answered, received, in_window, waited = False, 0, 0, 0.0
    try:
        while True:
            began = time.monotonic()
            try:
                item = inbox.get(timeout=max(timeout_seconds - waited, 0.001))
            except queue.Empty:
                if not answered:
                    raise SourceSilentError(f"did not answer within {timeout_seconds:g} s") from None
                raise SourceSilentError(
                    f"stalled after {received} bytes, {in_window} of them in the last {timeout_seconds:g} s"
                ) from None
            waited += time.monotonic() - began
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            received += len(item)
            in_window += len(item)
            if not answered or in_window >= BLOCK:
                answered, in_window, waited = True, 0, 0.0
            if item:
                yield item
    finally:
        abandoned.set()
