#!/usr/bin/env bash
# Solve and install every environment of envs/ with conda, and pin what came: check_conda.sh [DIRECTORY OF ENVIRONMENTS]
# Pins go to envs/<name>.<platform>.pin.txt, which snakemake --sdm conda then installs without solving again.
# CONDA names the executable, should it not be called conda.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

conda=${CONDA:-conda}
environments=${1:-envs}
command -v "$conda" >/dev/null || {
    echo "$conda: not found. Expected conda, or another executable that takes its arguments, named by CONDA=..." >&2
    exit 2
}
platform=$("$conda" info --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["platform"])')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

failed=0
for environment in "$environments"/*.yaml; do
    name=$(basename "$environment" .yaml)
    pins="$environments/$name.$platform.pin.txt"
    if "$conda" env create --quiet --prefix "$scratch/$name" --file "$environment" >"$scratch/log" 2>&1 &&
        "$conda" list --explicit --md5 --prefix "$scratch/$name" >"$scratch/pins" 2>>"$scratch/log"; then
        mv "$scratch/pins" "$pins"
        echo "$name: solved, $(grep -c '://' "$pins") packages in $pins"
    else
        tail -n 20 "$scratch/log" >&2
        echo "$name: could not be solved or installed" >&2
        failed=1
    fi
    rm -rf "${scratch:?}/$name"
done
exit $failed
