"""Where data files may be had from."""

from deepcrit.data.fetch.sources.base import FileUnavailableError as FileUnavailableError
from deepcrit.data.fetch.sources.base import Opener as Opener
from deepcrit.data.fetch.sources.base import Source as Source
from deepcrit.data.fetch.sources.base import SourceUnavailableError as SourceUnavailableError
from deepcrit.data.fetch.sources.base import Stream as Stream
from deepcrit.data.fetch.sources.debian import DebianPackage as DebianPackage
from deepcrit.data.fetch.sources.local import LocalDirectory as LocalDirectory
from deepcrit.data.fetch.sources.npm import NpmPackage as NpmPackage
from deepcrit.data.fetch.sources.public import PublicUrl as PublicUrl
from deepcrit.data.fetch.sources.pypi import PypiPackage as PypiPackage
