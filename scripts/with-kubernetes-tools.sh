#!/usr/bin/env bash
# Runs a command with what scripts/kubernetes-tools.sh makes on its PATH.
#
#   scripts/with-kubernetes-tools.sh NAME... -- COMMAND...
set -euo pipefail
names=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  names+=("$1")
  shift
done
shift || true
if [ ${#names[@]} = 0 ] || [ $# = 0 ]; then
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
found="$(bash "$(dirname "${BASH_SOURCE[0]}")/kubernetes-tools.sh" "${names[@]}")"
while read -r line; do export "${line?}"; done <<<"$found"
exec "$@"
