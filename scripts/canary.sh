#!/usr/bin/env bash
# Leads a share of a group's traffic to its version v2 (kubernetes/canary).
#
#   scripts/canary.sh GROUP WEIGHT     WEIGHT of v2 in per cent: 5, 10, 50, 100; 0 cuts it off at once
set -euo pipefail

usage() {
  sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
  exit 2
}
[ $# = 2 ] || usage
group="$1"
weight="$2"
case "$group" in
  member | content | timeline | activity | search | image | frontend) ;;
  *)
    echo "canary: unknown group $group: expected member, content, timeline, activity, search, image or frontend" >&2
    exit 2
    ;;
esac
case "$weight" in
  0 | 5 | 10 | 50 | 100) ;;
  *)
    echo "canary: weight is $weight: expected 0, 5, 10, 50 or 100" >&2
    exit 2
    ;;
esac

# Both routes of the group, reads and writes (the frontend has one): v1 is the first destination, v2 the second.
routes=(0 1)
[ "$group" = frontend ] && routes=(0)
patch=
for route in "${routes[@]}"; do
  for destination in "0 $((100 - weight))" "1 $weight"; do
    read -r index share <<<"$destination"
    patch+="${patch:+,}{\"op\":\"replace\",\"path\":\"/spec/http/$route/route/$index/weight\",\"value\":$share}"
  done
done
if [ "$weight" != 0 ]; then
  kubectl -n dailyfeed rollout status "deployment/dailyfeed-$group-v2" --timeout=120s
fi
kubectl -n dailyfeed patch virtualservice "dailyfeed-$group" --type=json -p "[$patch]"
echo "$group: v1 $((100 - weight)) %, v2 $weight %"
