# shellcheck shell=bash
# Processes by pid file. A pid file holds "pid starttime", so that a reused pid is never taken for ours.

say() { echo "servers: $*" >&2; }
die() {
  say "$*"
  exit 1
}

contains() { # NEEDLE HAY...
  local needle="$1" item
  shift
  for item in "$@"; do [ "$item" != "$needle" ] || return 0; done
  return 1
}

start_time() { # clock ticks since boot; fails for a zombie, which is as good as gone
  local stat
  stat="$(cat "/proc/$1/stat" 2>/dev/null)" || return 1
  read -r -a stat <<<"${stat##*) }"
  [ "${stat[0]}" != Z ] && echo "${stat[19]}"
}

pid_of() {
  local pid started
  [ -f "$RUN/$1/pid" ] || return 1
  read -r pid started <"$RUN/$1/pid" || return 1
  [ "$(start_time "$pid" || true)" = "$started" ] && echo "$pid"
}

send_signal() { # SIGNAL SERVICE
  local pid
  pid="$(pid_of "$2")" || die "$2 does not run"
  kill "-$1" "$pid"
}

# SERVICE COMMAND...: a session of its own, without our lock (descriptor 9). The log is emptied here and not by
# the child, or a ready check may still read the log of the start before.
spawn() {
  local service="$1" pid
  shift
  : >"$RUN/$service/log"
  setsid "$@" >>"$RUN/$service/log" 2>&1 </dev/null 9>&- &
  pid=$!
  echo "$pid $(start_time "$pid" || echo gone)" >"$RUN/$service/pid"
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

port_must_be_free() { ! port_open "$1" || die "port $1 is in use"; }

wait_until_ready() { # SERVICE CHECK...
  local service="$1" end=$((SECONDS + 120))
  shift
  until "$@"; do
    if ! pid_of "$service" >/dev/null; then
      tail -n 20 "$RUN/$service/log" >&2
      die "$service ended while starting"
    fi
    if [ $SECONDS -ge $end ]; then
      tail -n 20 "$RUN/$service/log" >&2
      die "$service is not ready after two minutes"
    fi
    sleep 0.1
  done
}

stop_process() { # TERM, KILL after half a minute; returns when the process is gone
  local pid _
  if pid="$(pid_of "$1")"; then
    kill -CONT "$pid" 2>/dev/null || true # a paused process would not see TERM
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 300); do
      pid_of "$1" >/dev/null || break
      sleep 0.1
    done
    if pid_of "$1" >/dev/null; then
      say "$1 did not stop: kill -9"
      kill_process "$1"
    fi
  fi
  rm -f "$RUN/$1/pid"
}

kill_process() { # the port answers for some 100 ms more, so wait until the process is gone
  local pid
  pid="$(pid_of "$1")" || return 0
  kill -KILL "$pid"
  while pid_of "$1" >/dev/null; do sleep 0.02; done
  rm -f "$RUN/$1/pid"
}

describe() {
  local pid
  if pid="$(pid_of "$1")"; then
    echo "$1 pid $pid $(awk '/^State/ {state = $2} /^VmRSS/ {printf "state %s rss %d MB", state, $2 / 1024}' "/proc/$pid/status")"
  else
    echo "$1 -"
  fi
}

apt_need() { # COMMAND PACKAGE pairs: installs the packages whose commands are missing
  local missing=()
  while [ $# -gt 1 ]; do
    [ -x "$1" ] || command -v "$1" >/dev/null || missing+=("$2")
    shift 2
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "needs ${missing[*]}, and there is no apt-get"
  [ "$(id -u)" = 0 ] || die "needs ${missing[*]}, and only root can install it"
  say "apt-get install ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  {
    apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
      { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; }
  } >"$RUN/apt.log" 2>&1 || {
    tail -n 20 "$RUN/apt.log" >&2
    die "apt-get failed"
  }
}
