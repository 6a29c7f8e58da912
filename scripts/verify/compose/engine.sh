#!/usr/bin/env bash
# Docker Engine and compose for verify:compose. Where the machine has none that works: a private one (Debian, root), whose
# images are stand-ins made here under the names that docker-compose.yml and Dockerfile use. Nothing is pulled.
#
#   engine.sh up [base]   starts what lacks, makes the images; prints the KEY=value lines that docker needs;
#                         base: only the images that Dockerfile builds on, and no compose
#   engine.sh down        stops the private engine and takes its network rules back; images are kept
#
# Environment: ENGINE_DIR (the private engine's images and programs; worth keeping between runs).
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/../../.." && pwd)"
CACHE="$(realpath -m "${ENGINE_DIR:-$ROOT/.servers-cache/engine}")"
export SERVERS_CACHE="${SERVERS_CACHE:-$ROOT/.servers-cache}"
RUN="$CACHE/run"
SOCKET="$RUN/docker.sock"
part="${2:-all}"
COMPOSE_VERSION=v2.40.3

# shellcheck source=scripts/servers/process.sh
source "$ROOT/scripts/servers/process.sh"
# shellcheck source=scripts/verify/compose/stand-ins.sh
source "$HERE/stand-ins.sh"

engine_answers() { docker version >/dev/null 2>&1; }
machine_has_docker() {
  docker info >/dev/null 2>&1 || return 1
  [ "$part" = base ] || docker compose version >/dev/null 2>&1
}

# Its module replaces others, which `go install` refuses: a module of our own requires it, with the same replacements.
build_compose() {
  local source="$CACHE/compose-source" module=github.com/docker/compose/v2 info
  [ ! -x "$CACHE/docker-compose-$COMPOSE_VERSION" ] || return 0
  command -v go >/dev/null || die "needs docker compose, or Go to build it"
  say "docker compose $COMPOSE_VERSION from its source (minutes)"
  mkdir -p "$source"
  cd "$source"
  info="$(go mod download -json "$module@$COMPOSE_VERSION")"
  node -e '
    const { readFileSync } = require("node:fs");
    const text = readFileSync(JSON.parse(process.argv[1]).GoMod, "utf8");
    const blocks = [...text.matchAll(/^(?:replace|exclude)\s*(?:\([\s\S]*?^\)|[^(\n].*$)/gm)].map(String);
    console.log(["module compose", /^go .*/m.exec(text)[0], ...blocks].join("\n"));
  ' "$info" >go.mod
  go mod edit -require "$module@$COMPOSE_VERSION"
  CGO_ENABLED=0 nice go build -mod=mod -p 2 -trimpath -buildvcs=false \
    -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$COMPOSE_VERSION" \
    -o "$CACHE/docker-compose-$COMPOSE_VERSION" "$module/cmd" >"$CACHE/compose.log" 2>&1 || {
    tail -n 20 "$CACHE/compose.log" >&2
    die "docker compose could not be built"
  }
  cd "$ROOT"
}

start_engine() {
  pid_of docker >/dev/null || {
    mkdir -p "$RUN/docker"
    ip link show docker0 >/dev/null 2>&1 && die "another engine's network (docker0) is in use"
    # Its address: one that no other network has. 127.0.0.1: published ports are nobody else's.
    spawn docker /usr/sbin/dockerd --data-root "$CACHE/data" --exec-root "$RUN/exec" --pidfile "$RUN/docker/dockerd.pid" \
      --host "unix://$SOCKET" --bip 172.31.250.1/24 --ip 127.0.0.1 --log-level warn
  }
  wait_until_ready docker engine_answers
}

stop_engine() {
  stop_process docker
  # What dockerd leaves behind.
  ip link delete docker0 2>/dev/null || true
  local table
  for table in filter nat; do
    iptables-save -t "$table" | grep -v -i -e docker -e '172\.31\.250\.' | iptables-restore -T "$table" 2>/dev/null || true
  done
  iptables -P FORWARD ACCEPT
}

private_environment() {
  export DOCKER_HOST="unix://$SOCKET" DOCKER_CONFIG="$CACHE/config" DOCKER_BUILDKIT=0
  mkdir -p "$DOCKER_CONFIG/cli-plugins"
  ln -sfn "$CACHE/docker-compose-$COMPOSE_VERSION" "$DOCKER_CONFIG/cli-plugins/docker-compose"
}

mkdir -p "$RUN"
case "${1:-}" in
  up)
    if [ "${DOCKER_HOST:-}" != "unix://$SOCKET" ] && machine_has_docker; then
      say "the machine's Docker is used, with the images it has or pulls"
      exit 0
    fi
    apt_need /usr/sbin/dockerd docker.io debootstrap debootstrap /usr/sbin/iptables iptables ip iproute2
    [ "$part" = base ] || build_compose
    private_environment
    start_engine
    make_stand_ins
    printf '%s=%s\n' DOCKER_HOST "$DOCKER_HOST" DOCKER_CONFIG "$DOCKER_CONFIG" DOCKER_BUILDKIT 0
    ;;
  down) if pid_of docker >/dev/null; then stop_engine; fi ;;
  *)
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
