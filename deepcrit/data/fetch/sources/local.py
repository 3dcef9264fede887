"""Files that are on disk already."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deepcrit.data.fetch.sources.base import FileUnavailableError, Opener, SourceUnavailableError, Stream
from deepcrit.data.fetch.sources.blocks import blocks_of, gunzipped


@dataclass(frozen=True)
class LocalDirectory:
    """A directory that holds the files as they are or, failing that, with `.gz` appended and compressed."""

    path: Path

    @property
    def label(self) -> str:
        return f"directory {self.path}"

    @contextmanager
    def opened(self) -> Iterator[Opener]:
        if not self.path.is_dir():
            raise SourceUnavailableError("there is no such directory")
        yield self._stream

    def _stream(self, name: str) -> Stream:
        plain, compressed = self.path / name, self.path / f"{name}.gz"
        try:
            if plain.is_file():
                with plain.open("rb") as file:
                    yield from blocks_of(file)
            elif compressed.is_file():
                with compressed.open("rb") as file, closing(gunzipped(blocks_of(file))) as raw:
                    yield from raw
            else:
                raise FileUnavailableError(f"holds neither {plain.name} nor {compressed.name}")
        except OSError as error:
            raise FileUnavailableError(str(error)) from error
