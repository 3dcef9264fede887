"""What jobs set before torch computes, for tests that call the library in their own process."""

import os
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
