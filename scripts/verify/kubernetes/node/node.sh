#!/usr/bin/env bash
# A real node for verify:kubernetes (Linux, root): containerd, kubelet and kube-proxy beside a control plane that runs.
#
#   node.sh missing     prints why this machine can't be one; nothing when it can
#   node.sh up IMAGES   starts it with the images of a file (images.sh); it is ready when this returns. When the process
#                       OWNER ends, however that may be, it goes down by itself
#   node.sh down        stops it with all its pods; takes its mounts, network, rules, settings and files back
#
# Environment: NODE_DIR (all its files), OWNER (a process id); for `up` also KUBECONFIG and CONTROL_PLANE_DIR, and kubelet,
# kube-proxy and kubectl on the PATH.
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/../../../.." && pwd)"
RUN="$(realpath -m "${NODE_DIR:-$ROOT/.servers/node}")"
export PATH="$PATH:/usr/sbin:/sbin"
BRIDGE=dailyfeed0
GATEWAY=10.250.0.1
PODS=10.250.0.0/24
SERVICES=10.96.0.0/16 # as control-plane.sh has it
SOCKET="$RUN/containerd.sock"
KUBELET_PORT=10250

# shellcheck source=scripts/servers/process.sh
source "$ROOT/scripts/servers/process.sh"
# shellcheck source=scripts/verify/kubernetes/node/traces.sh
source "$HERE/traces.sh"

containers() { ctr --address "$SOCKET" --namespace k8s.io "$@"; }

print_missing() {
  [ "$(uname -s)" = Linux ] || { echo "it isn't Linux" && return 0; }
  [ "$(id -u)" = 0 ] || { echo "only root may start pods" && return 0; }
  [ -d /sys/fs/cgroup ] || { echo "there are no cgroups" && return 0; }
  command -v apt-get >/dev/null || [ -x /usr/lib/cni/bridge ] || { echo "there is no apt-get to install containerd" && return 0; }
  if port_open "$KUBELET_PORT"; then echo "another kubelet runs here (port $KUBELET_PORT)" && return 0; fi
  if ip link show "$BRIDGE" >/dev/null 2>&1; then echo "a network $BRIDGE is here already" && return 0; fi
  ip link add "$BRIDGE" type bridge 2>/dev/null || { echo "networks can't be made here" && return 0; }
  ip link delete "$BRIDGE"
}

write_configuration() {
  mkdir -p "$RUN"/{cni,containerd,kubelet/pki,kube-proxy}
  cat >"$RUN/containerd.toml" <<END
version = 2
root = "$RUN/containerd/root"
state = "$RUN/containerd/state"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = "$SOCKET"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:dailyfeed"
  # Not every root may lower it.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$RUN/cni"
END
  cat >"$RUN/cni/10-bridge.conflist" <<END
{"cniVersion": "0.4.0", "name": "dailyfeed", "plugins": [{"type": "bridge", "bridge": "$BRIDGE", "isGateway": true,
  "ipam": {"type": "host-local", "dataDir": "$RUN/addresses", "routes": [{"dst": "0.0.0.0/0"}],
    "ranges": [[{"subnet": "$PODS", "rangeStart": "10.250.0.10", "gateway": "$GATEWAY"}]]}}]}
END
  cat >"$RUN/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: 127.0.0.1
port: $KUBELET_PORT
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $CONTROL_PLANE_DIR/pki/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $CONTROL_PLANE_DIR/pki/apiserver.crt
tlsPrivateKeyFile: $CONTROL_PLANE_DIR/pki/apiserver.key
containerRuntimeEndpoint: unix://$SOCKET
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
oomScoreAdj: 0
podLogsDir: $RUN/logs
resolvConf: /etc/resolv.conf
# Images can't be had again.
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 2%, imagefs.available: 2%}
END
}

make_network() {
  ip link add "$BRIDGE" type bridge
  ip address add "$GATEWAY/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  # What kube-proxy sends to no pod must not leave this machine.
  ip route add "$SERVICES" dev "$BRIDGE"
  # An engine's rules may forward nothing but its own.
  iptables -I FORWARD -i "$BRIDGE" -j ACCEPT
  iptables -I FORWARD -o "$BRIDGE" -j ACCEPT
}

ready_containerd() { containers version >/dev/null 2>&1; }
ready_kubelet() {
  [ "$(kubectl get node localhost -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null)" = True ]
}
ready_kube-proxy() { iptables -t nat -S KUBE-SERVICES >/dev/null 2>&1; }

start() { # NAME PROGRAM...
  mkdir -p "$RUN/$1"
  spawn "$@"
  wait_until_ready "$1" "ready_$1"
}

up() { # IMAGES
  mkdir -p "$RUN"
  apt_need /usr/bin/containerd containerd /usr/sbin/runc runc /usr/lib/cni/bridge containernetworking-plugins \
    /usr/sbin/iptables iptables /usr/sbin/ip iproute2
  write_configuration
  remember_traces
  mkdir -p "$RUN/guard"
  spawn guard bash "${BASH_SOURCE[0]}" guard
  make_network
  start containerd containerd --config "$RUN/containerd.toml"
  containers images import "$1" >"$RUN/import.log"
  start kubelet kubelet --config "$RUN/kubelet.yaml" --kubeconfig "$KUBECONFIG" --hostname-override localhost \
    --root-dir "$RUN/kubelet" --cert-dir "$RUN/kubelet/pki"
  start kube-proxy kube-proxy --kubeconfig "$KUBECONFIG" --proxy-mode iptables --hostname-override localhost \
    --bind-address 127.0.0.1 --cluster-cidr "$PODS" --conntrack-max-per-core 0 \
    --conntrack-tcp-timeout-established 0 --conntrack-tcp-timeout-close-wait 0
}

stop_pods() {
  local id
  if pid_of containerd >/dev/null && ready_containerd; then
    for id in $(containers tasks list --quiet); do containers tasks remove --force "$id" >/dev/null 2>&1 || true; done
    for id in $(containers containers list --quiet); do containers containers remove "$id" >/dev/null 2>&1 || true; done
  fi
  stop_process containerd
  # What it started outlives it.
  for id in $(pgrep -f -- "-address $SOCKET"); do
    pkill -KILL -P "$id" || true
    kill -KILL "$id" 2>/dev/null || true
  done
}

down() {
  [ -d "$RUN" ] || return 0
  stop_process kube-proxy
  stop_process kubelet
  stop_pods
  remove_traces
  rm -rf --one-file-system "$RUN"
}

case "${1:-}" in
  missing) print_missing ;;
  up) up "$2" ;;
  down)
    stop_process guard
    down
    ;;
  guard)
    while kill -0 "$OWNER" 2>/dev/null; do sleep 1; done
    down
    ;;
  *)
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
