"""What jobs set before torch computes, for tests that call the library in their own process."""

import os

# as deepcrit.devices.REPRODUCIBLE, which a test holds equal; torch, which takes seconds to import, is not needed by all
os.environ.setdefault("MKL_CBWR", "AUTO,STRICT")
