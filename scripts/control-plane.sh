#!/usr/bin/env bash
# A Kubernetes control plane on loopback, for tests: ready in seconds, and nothing is left of it after `down`.
#
#   scripts/control-plane.sh up [--controllers]   etcd and the API server; with --controllers also the controller manager,
#                                                 the scheduler and KWOK, which plays nodes annotated kwok.x-k8s.io/node
#   scripts/control-plane.sh env                  KUBECONFIG=... and CONTROL_PLANE_DIR=... of what runs
#   scripts/control-plane.sh status               one line per process
#   scripts/control-plane.sh down                 stops everything and removes its folder
#
# Needs openssl and what scripts/kubernetes-tools.sh makes, on the PATH. Ports are of this machine's loopback alone.
# Environment: CONTROL_PLANE_DIR (all its files), API_PORT, ETCD_PORT, CONTROLLER_OPTIONS (more of the controller manager).
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
RUN="$(realpath -m "${CONTROL_PLANE_DIR:-$ROOT/.servers/control-plane}")"
API_PORT="${API_PORT:-16443}"
ETCD_PORT="${ETCD_PORT:-12379}"
PROCESSES=(kwok scheduler controller-manager apiserver etcd)

# shellcheck source=scripts/servers/process.sh
source "$ROOT/scripts/servers/process.sh"

certificate() { # NAME SUBJECT [SUBJECT-ALTERNATIVE-NAMES]
  local file="$RUN/pki/$1"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "$2" -keyout "$file.key" -out "$file.csr" 2>/dev/null
  openssl x509 -req -in "$file.csr" -CA "$RUN/pki/ca.crt" -CAkey "$RUN/pki/ca.key" -CAcreateserial -days 30 -out "$file.crt" \
    -extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s\n' "${3:+subjectAltName=$3}") 2>/dev/null
}

kubeconfig() { # NAME
  cat >"$RUN/$1.kubeconfig" <<END
apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "https://127.0.0.1:$API_PORT", certificate-authority: $RUN/pki/ca.crt}}]
users: [{name: $1, user: {client-certificate: $RUN/pki/$1.crt, client-key: $RUN/pki/$1.key}}]
contexts: [{name: test, context: {cluster: test, user: $1}}]
current-context: test
END
}

make_keys() {
  [ ! -f "$RUN/admin.kubeconfig" ] || return 0
  mkdir -p "$RUN/pki"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=test-ca \
    -addext keyUsage=critical,keyCertSign,digitalSignature -keyout "$RUN/pki/ca.key" -out "$RUN/pki/ca.crt" 2>/dev/null
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out "$RUN/pki/accounts.key" 2>/dev/null
  openssl pkey -in "$RUN/pki/accounts.key" -pubout -out "$RUN/pki/accounts.pub"
  certificate apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:10.96.0.1,DNS:localhost,DNS:kubernetes.default.svc"
  certificate admin /O=system:masters/CN=admin
  certificate controller-manager /CN=system:kube-controller-manager
  certificate scheduler /CN=system:kube-scheduler
  kubeconfig controller-manager
  kubeconfig scheduler
  kubeconfig admin # last: whether it is there tells whether all are
}

ready_etcd() { curl -sf "http://127.0.0.1:$ETCD_PORT/health" >/dev/null; }
ready_apiserver() {
  curl -sf --cacert "$RUN/pki/ca.crt" --cert "$RUN/pki/admin.crt" --key "$RUN/pki/admin.key" "https://127.0.0.1:$API_PORT/readyz" >/dev/null
}
ready_controller-manager() { return 0; }
ready_scheduler() { return 0; }
ready_kwok() { return 0; }

start() { # NAME PROGRAM...
  local name="$1"
  pid_of "$name" >/dev/null || {
    mkdir -p "$RUN/$name"
    spawn "$@"
  }
  wait_until_ready "$name" "ready_$name"
}

start_api() {
  start etcd etcd --data-dir "$RUN/etcd/data" --listen-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" --listen-peer-urls http://127.0.0.1:0 --unsafe-no-fsync
  start apiserver kube-apiserver --etcd-servers="http://127.0.0.1:$ETCD_PORT" \
    --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$API_PORT" \
    --service-cluster-ip-range=10.96.0.0/16 --endpoint-reconciler-type=none --allow-privileged=true \
    --client-ca-file="$RUN/pki/ca.crt" --tls-cert-file="$RUN/pki/apiserver.crt" --tls-private-key-file="$RUN/pki/apiserver.key" \
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file="$RUN/pki/accounts.pub" \
    --service-account-signing-key-file="$RUN/pki/accounts.key" --authorization-mode=Node,RBAC \
    --enable-admission-plugins=NodeRestriction \
    --kubelet-client-certificate="$RUN/pki/admin.crt" --kubelet-client-key="$RUN/pki/admin.key" \
    --kubelet-preferred-address-types=Hostname
}

start_controllers() {
  # shellcheck disable=SC2086 # several options in one variable
  start controller-manager kube-controller-manager --kubeconfig="$RUN/controller-manager.kubeconfig" --bind-address=127.0.0.1 \
    --secure-port=0 --leader-elect=false --use-service-account-credentials=true \
    --service-account-private-key-file="$RUN/pki/accounts.key" --root-ca-file="$RUN/pki/ca.crt" \
    --cluster-signing-cert-file="$RUN/pki/ca.crt" --cluster-signing-key-file="$RUN/pki/ca.key" ${CONTROLLER_OPTIONS:-}
  start scheduler kube-scheduler --kubeconfig="$RUN/scheduler.kubeconfig" --bind-address=127.0.0.1 --secure-port=0 --leader-elect=false
  # A node without heartbeats is not ready after 50 s; KWOK sends them with leases.
  start kwok kwok --kubeconfig="$RUN/admin.kubeconfig" --config="$ROOT/scripts/verify/kubernetes/stages.yaml" \
    --manage-all-nodes=false --manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake --node-lease-duration-seconds=40
}

need() { # PROGRAM...
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || die "$program is not on the PATH (scripts/kubernetes-tools.sh makes it)"
  done
}

print_env() {
  pid_of apiserver >/dev/null || return 0
  echo "KUBECONFIG=$RUN/admin.kubeconfig"
  echo "CONTROL_PLANE_DIR=$RUN"
}

case "${1:-}" in
  up)
    need openssl curl etcd kube-apiserver kubectl
    pid_of apiserver >/dev/null || rm -rf "$RUN"
    make_keys
    start_api
    if [ "${2:-}" = --controllers ]; then
      need kube-controller-manager kube-scheduler kwok
      start_controllers
    fi
    print_env
    ;;
  env) print_env ;;
  status) for name in "${PROCESSES[@]}"; do describe "$name"; done ;;
  down)
    for name in "${PROCESSES[@]}"; do stop_process "$name"; done
    rm -rf "$RUN"
    ;;
  *)
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
