"""Data sets: fetched from wherever they can be had, accepted by checksum, read as arrays."""

from deepcrit.datasets import fashion_mnist as fashion_mnist
from deepcrit.datasets import mnist as mnist
from deepcrit.datasets.continual_imagenet import ContinualImageNet as ContinualImageNet
from deepcrit.datasets.downloads import Downloads as Downloads
from deepcrit.datasets.fetch import Attempt as Attempt
from deepcrit.datasets.fetch import FetchError as FetchError
from deepcrit.datasets.fetch import WantedFile as WantedFile
from deepcrit.datasets.fetch import fetch as fetch
from deepcrit.datasets.idx import read_idx as read_idx
from deepcrit.datasets.sources import DebianPackage as DebianPackage
from deepcrit.datasets.sources import FileUnavailableError as FileUnavailableError
from deepcrit.datasets.sources import LocalDirectory as LocalDirectory
from deepcrit.datasets.sources import NpmPackage as NpmPackage
from deepcrit.datasets.sources import PublicUrl as PublicUrl
from deepcrit.datasets.sources import PypiPackage as PypiPackage
from deepcrit.datasets.sources import Source as Source
from deepcrit.datasets.sources import SourceUnavailableError as SourceUnavailableError
