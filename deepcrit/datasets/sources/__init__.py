"""Where data files may be had from."""

from deepcrit.datasets.sources.base import FileUnavailableError as FileUnavailableError
from deepcrit.datasets.sources.base import Opener as Opener
from deepcrit.datasets.sources.base import Source as Source
from deepcrit.datasets.sources.base import SourceUnavailableError as SourceUnavailableError
from deepcrit.datasets.sources.base import Stream as Stream
from deepcrit.datasets.sources.debian import DebianPackage as DebianPackage
from deepcrit.datasets.sources.local import LocalDirectory as LocalDirectory
from deepcrit.datasets.sources.npm import NpmPackage as NpmPackage
from deepcrit.datasets.sources.public import PublicUrl as PublicUrl
from deepcrit.datasets.sources.pypi import PypiPackage as PypiPackage
