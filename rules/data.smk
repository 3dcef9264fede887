# In: public mirrors, packages or local directories. Out: MNIST, Fashion-MNIST and photographs, checked. Where they come
# from is among the resources, whose change re-runs nothing: whatever the source, files are the same to the last byte.


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
        local_directory=config["mnist"]["local_directory"] or "",
        timeout=str(config["mnist"]["timeout"]),
    params:
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
        timeout=str(config["trained_weights"]["timeout"]),
    params:
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
        local_directory=config["fashion_mnist"]["local_directory"] or "",
        timeout=str(config["fashion_mnist"]["timeout"]),
    params:
        code=code_digest("data/download_fashion_mnist"),
    script:
        "../scripts/data/download_fashion_mnist.py"
