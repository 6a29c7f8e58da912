#!/usr/bin/env bash
# Real servers for tests, on a bare Debian with root, without Docker.
#
#   npm run servers -- up [SERVICE...]      install what lacks, start, wait until ready; prints KEY=value lines
#   npm run servers -- down [SERVICE...]    stop (default: everything that runs); data are kept
#   npm run servers -- env [SERVICE...]     the KEY=value lines of what runs
#   npm run servers -- status [SERVICE...]  one line per service
#   npm run servers -- reset [SERVICE...]   down, then remove the data (default: of everything)
#   npm run servers -- install [SERVICE...] only fetch what is needed
#   npm run servers -- start|stop|restart|kill9|pause|resume SERVICE...     fault tools; data are kept
#
# Services: db (MariaDB), replica (of db, read-only), redis, kafka (one KRaft broker; kafka2 and kafka3 join it),
# mongo (a server that speaks MongoDB's protocol). Default of `up` and `install`: db redis kafka mongo.
# stdout has only KEY=value lines (and status its own); everything else goes to stderr.
#
# Environment: SERVERS_DIR (data, logs, pid files), SERVERS_CACHE (downloads, worth keeping between CI runs),
# DB_PORT (replica: +1), REDIS_PORT, KAFKA_PORT (controller: +1, kafka2: +2, kafka3: +3), MONGO_PORT, KAFKA_VERSION.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# Absolute, because some servers change their working folder.
RUN="$(realpath -m "${SERVERS_DIR:-$ROOT/.servers}")"
CACHE="$(realpath -m "${SERVERS_CACHE:-$ROOT/.servers-cache}")"
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

install_services() { # one at a time for a cache that several working folders share, and for apt
  local service
  (
    flock -w 600 8 || die "another install holds the lock"
    for service in "$@"; do "install_$(family_of "$service")"; done
  ) 8>"$CACHE/lock"
}

start_service() { # idempotent: what runs is only waited for
  mkdir -p "$RUN/$1"
  pid_of "$1" >/dev/null || "start_$(family_of "$1")" "$1"
  wait_until_ready "$1" "ready_$(family_of "$1")" "$1"
  if declare -F "setup_$(family_of "$1")" >/dev/null; then "setup_$(family_of "$1")" "$1"; fi
}

print_env() { # SERVICE...
  local service brokers=()
  for service in "$@"; do
    pid_of "$service" >/dev/null || continue
    case "$service" in
      db) echo "DATABASE_URL=$(mariadb_url db)" ;;
      replica) echo "DATABASE_READ_URL=$(mariadb_url replica)" ;;
      redis) echo "REDIS_URL=redis://127.0.0.1:$REDIS_PORT/0" ;;
      kafka*) brokers+=("127.0.0.1:$(kafka_port "$service")") ;;
      mongo) echo "MONGO_URL=mongodb://127.0.0.1:$MONGO_PORT/" ;;
    esac
  done
  if [ ${#brokers[@]} -gt 0 ]; then (IFS=, && echo "KAFKA_BROKERS=${brokers[*]}"); fi
}

up() {
  local service first=() then=()
  install_services "$@"
  # What others join comes first.
  for service in "$@"; do
    mkdir -p "$RUN/$service" # for all before the first start: kafka looks whether there will be three brokers
    case "$service" in replica | kafka2 | kafka3) then+=("$service") ;; *) first+=("$service") ;; esac
  done
  start_together ${first[@]+"${first[@]}"}
  start_together ${then[@]+"${then[@]}"}
  print_env "${ALL[@]}"
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
  down | reset | env | status) [ ${#services[@]} -gt 0 ] || services=("${ALL[@]}") ;;
  start | stop | restart | kill9 | pause | resume) [ ${#services[@]} -gt 0 ] || die "$command takes the names of services" ;;
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
  down | stop) down "${services[@]}" ;;
  install) install_services "${services[@]}" ;;
  reset)
    # What followed the removed data holds a copy of them, or knows the old cluster.
    if contains kafka "${services[@]}"; then services+=(kafka2 kafka3); fi
    if contains db "${services[@]}"; then services+=(replica); fi
    down "${services[@]}"
    for service in "${services[@]}"; do rm -rf "${RUN:?}/$service"; done
    ;;
  env) print_env "${services[@]}" ;;
  status) for service in "${services[@]}"; do describe "$service"; done ;;
  start) for service in "${services[@]}"; do start_service "$service"; done ;;
  restart)
    down "${services[@]}"
    for service in "${services[@]}"; do start_service "$service"; done
    ;;
  kill9) for service in "${services[@]}"; do kill_process "$service"; done ;;
  pause) for service in "${services[@]}"; do send_signal STOP "$service"; done ;;
  resume) for service in "${services[@]}"; do send_signal CONT "$service"; done ;;
  *)
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
