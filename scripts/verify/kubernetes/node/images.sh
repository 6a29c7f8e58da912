#!/usr/bin/env bash
# What a real node runs, in one file that containerd can import: our image, built from Dockerfile, and the one whose only
# process holds a pod's network. Docker Engine as verify:compose has it; a private one ends again.
#
#   images.sh FILE
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)"
ENGINE="$ROOT/scripts/verify/compose/engine.sh"
IMAGE=localhost/dailyfeed:dev
PAUSE=localhost/pause:dailyfeed

trap 'bash "$ENGINE" down' EXIT
engine="$(bash "$ENGINE" up base)"
while IFS= read -r line; do
  if [ -n "$line" ]; then export "${line?}"; fi
done <<<"$engine"
log="$(mktemp)"
docker build --tag "$IMAGE" "$ROOT" >"$log" 2>&1 || {
  tail -n 20 "$log" >&2
  exit 1
}
printf 'FROM %s\nCMD ["sleep", "infinity"]\n' "$(sed -n 's/^FROM \(debian:[^ ]*\).*/\1/p' "$ROOT/Dockerfile")" |
  docker build --quiet --tag "$PAUSE" - >/dev/null
rm "$log"
docker save --output "$1" "$IMAGE" "$PAUSE"
