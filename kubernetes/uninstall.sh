#!/usr/bin/env bash
# Takes dailyfeed off this machine's kind cluster.
#
#   kubernetes/uninstall.sh [--dry-run]         the whole cluster, with all data
#   kubernetes/uninstall.sh [--dry-run] app     only the product; stores and data stay
#
# The folder of the pictures, /var/tmp/dailyfeed-images, stays: remove it by hand.
set -euo pipefail

CLUSTER=dailyfeed
dry_run=no
part=all
for argument in "$@"; do
  case "$argument" in
    --dry-run) dry_run=yes ;;
    app) part=app ;;
    -h | --help)
      sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *)
      echo "uninstall: unknown argument $argument (see --help)" >&2
      exit 2
      ;;
  esac
done

run() { if [ "$dry_run" = yes ]; then printf '    %s\n' "$*"; else "$@"; fi; }

if [ "$part" = app ]; then
  echo "Remove the product from cluster $CLUSTER"
  # The namespace stays, and the secrets in it: they are what the stores were made with.
  run kubectl --context "kind-$CLUSTER" -n dailyfeed delete --ignore-not-found \
    deployments,services,horizontalpodautoscalers,poddisruptionbudgets,cronjobs,jobs --all
  run kubectl --context "kind-$CLUSTER" -n dailyfeed delete --ignore-not-found \
    virtualservices.networking.istio.io,destinationrules.networking.istio.io,gateways.networking.istio.io --all
  exit 0
fi
if [ "$dry_run" = no ] && ! kind get clusters 2>/dev/null | grep -qx "$CLUSTER"; then
  echo "There is no cluster $CLUSTER"
  exit 0
fi
echo "Delete cluster $CLUSTER with its data"
run kind delete cluster --name "$CLUSTER"
