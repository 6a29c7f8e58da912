#!/usr/bin/env bash
# Real servers for tests, on a bare Debian with root, without Docker.
#
#   npm run servers -- up [SERVICE...]      install what lacks, start, wait until ready; prints KEY=value lines
#   npm run servers -- down [SERVICE...]    stop (default: everything that runs); data are kept
#   npm run servers -- env | status        the KEY=value lines | one line per service
#   npm run servers -- start|stop|restart|kill9|pause|resume SERVICE     fault tools
#   npm run servers -- reset [SERVICE...]   down, then remove the data
#   npm run servers -- install [SERVICE...] only fetch what is needed
#
# Services: db (MariaDB), replica (of db, read-only), redis, kafka (one KRaft broker; kafka2 and kafka3 join it),
# mongo (a server that speaks MongoDB's protocol). Default of `up`: db redis kafka mongo.
# stdout has only KEY=value lines; everything else goes to stderr.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
RUN="${SERVERS_DIR:-$ROOT/.servers}"           # data, logs, pid files
CACHE="${SERVERS_CACHE:-$ROOT/.servers-cache}" # downloads: worth keeping between CI runs
ALL=(db replica redis kafka kafka2 kafka3 mongo)
DEFAULT=(db redis kafka mongo)

# shellcheck source=scripts/servers/process.sh
source "$ROOT/scripts/servers/process.sh"
# shellcheck source=scripts/servers/mariadb.sh
source "$ROOT/scripts/servers/mariadb.sh"
# shellcheck source=scripts/servers/redis.sh
source "$ROOT/scripts/servers/redis.sh"
# shellcheck source=scripts/servers/kafka.sh
source "$ROOT/scripts/servers/kafka.sh"
# shellcheck source=scripts/servers/mongo.sh
source "$ROOT/scripts/servers/mongo.sh"

family_of() { case "$1" in db | replica) echo mariadb ;; kafka*) echo kafka ;; *) echo "$1" ;; esac; }

install_service() { "install_$(family_of "$1")"; }

start_service() { # idempotent: what runs is only waited for
  mkdir -p "$RUN/$1"
  pid_of "$1" >/dev/null || "start_$(family_of "$1")" "$1"
  wait_until_ready "$1" "ready_$(family_of "$1")" "$1"
  if declare -F "setup_$(family_of "$1")" >/dev/null; then "setup_$(family_of "$1")" "$1"; fi
}

print_env() {
  local brokers="" service
  for service in kafka kafka2 kafka3; do
    pid_of "$service" >/dev/null && brokers="$brokers${brokers:+,}127.0.0.1:$(kafka_port "$service")"
  done
  if pid_of db >/dev/null; then echo "DATABASE_URL=$(mariadb_url db)"; fi
  if pid_of replica >/dev/null; then echo "DATABASE_READ_URL=$(mariadb_url replica)"; fi
  if pid_of redis >/dev/null; then echo "REDIS_URL=redis://127.0.0.1:$REDIS_PORT/0"; fi
  if [ -n "$brokers" ]; then echo "KAFKA_BROKERS=$brokers"; fi
  if pid_of mongo >/dev/null; then echo "MONGO_URL=mongodb://127.0.0.1:$MONGO_PORT/"; fi
}

up() {
  local service
  for service in "$@"; do install_service "$service"; done
  # What others join comes first.
  local first=() then=()
  for service in "$@"; do
    case "$service" in replica | kafka2 | kafka3) then+=("$service") ;; *) first+=("$service") ;; esac
  done
  start_together ${first[@]+"${first[@]}"}
  start_together ${then[@]+"${then[@]}"}
  print_env
}

start_together() {
  local service job jobs=() failed=0
  for service in "$@"; do
    start_service "$service" &
    jobs+=($!)
  done
  for job in ${jobs[@]+"${jobs[@]}"}; do wait "$job" || failed=1; done
  [ "$failed" = 0 ] || exit 1
}

down() {
  local service
  # Brokers before their controller, the replica before its primary.
  for service in kafka3 kafka2 replica kafka db redis mongo; do
    if contains "$service" "$@"; then stop_process "$service"; fi
  done
}

# Partitions of a broker that is missing have no leader, and kafkajs fails on any such partition:
# brokers that were ever used are started with the first one.
with_companions() {
  local names=("$@") service
  if contains replica "$@" && ! contains db "$@"; then names+=(db); fi
  if contains kafka2 "$@" || contains kafka3 "$@"; then contains kafka "$@" || names+=(kafka); fi
  if contains kafka "${names[@]}"; then
    for service in kafka2 kafka3; do
      if [ -d "$RUN/$service/data" ] && ! contains "$service" "${names[@]}"; then names+=("$service"); fi
    done
  fi
  printf '%s\n' "${names[@]}"
}

command="${1:-}"
[ $# -gt 0 ] && shift
services=("$@")
case "$command" in
  up | install) [ ${#services[@]} -gt 0 ] || services=("${DEFAULT[@]}") ;;
  down | reset) [ ${#services[@]} -gt 0 ] || services=("${ALL[@]}") ;;
  start | stop | restart | kill9 | pause | resume) [ ${#services[@]} -eq 1 ] || die "$command takes one service" ;;
esac
for service in ${services[@]+"${services[@]}"}; do
  contains "$service" "${ALL[@]}" || die "unknown service $service (known: ${ALL[*]})"
done

mkdir -p "$RUN" "$CACHE"
case "$command" in
  up | down | reset | install | start | stop | restart | kill9)
    exec 9>"$RUN/lock"
    flock -w 300 9 || die "another call holds the lock"
    ;;
esac
case "$command" in
  up)
    mapfile -t services < <(with_companions "${services[@]}")
    up "${services[@]}"
    ;;
  down) down "${services[@]}" ;;
  install) for service in "${services[@]}"; do install_service "$service"; done ;;
  reset)
    if contains kafka "${services[@]}"; then services+=(kafka2 kafka3); fi
    if contains db "${services[@]}"; then services+=(replica); fi
    down "${services[@]}"
    for service in "${services[@]}"; do rm -rf "${RUN:?}/$service"; done
    ;;
  env) print_env ;;
  status) for service in "${ALL[@]}"; do describe "$service"; done ;;
  start) start_service "${services[0]}" ;;
  stop) stop_process "${services[0]}" ;;
  restart)
    stop_process "${services[0]}"
    start_service "${services[0]}"
    ;;
  kill9) kill_process "${services[0]}" ;;
  pause) kill -STOP "$(pid_or_die "${services[0]}")" ;;
  resume) kill -CONT "$(pid_or_die "${services[0]}")" ;;
  *)
    sed -n '2,14p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
