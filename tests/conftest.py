"""What a job has to itself, for tests that call the library in their own process: torch's settings, open figures."""

import os
import sys
from collections.abc import Iterator

import pytest

# as deepcrit.core.devices.REPRODUCIBLE, which a test holds equal; not imported, since torch takes seconds
os.environ.setdefault("MKL_CBWR", "AUTO,STRICT")


@pytest.fixture
def torch_of_a_job() -> Iterator[None]:
    """One thread and no graphs, put back after."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.no_grad():
        yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def figures_of_a_job() -> Iterator[None]:
    """No figure outlives its test, as none outlives the job that draws it; matplotlib is not imported for it."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
