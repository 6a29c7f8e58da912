#!/usr/bin/env bash
# dailyfeed on a laptop: a kind cluster with Istio, the stores, and the product. Can be repeated: what is there stays.
#
#   kubernetes/install.sh [OPTIONS] [TAG]      everything; TAG of the image (default dev, built when it is not there)
#   kubernetes/install.sh [OPTIONS] infra      only the cluster, Istio and the stores
#   kubernetes/install.sh [OPTIONS] app TAG    only the product: load the image, migrate, roll out, try it
#
# OPTIONS: --dry-run prints what would be done; --addons adds Prometheus, Grafana, Kiali and Jaeger.
# Needs kind, kubectl, istioctl and docker; about 8 cores and 16 GB. Ports 80 and 443 of this machine must be free.
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

CLUSTER=dailyfeed
IMAGE=localhost/dailyfeed
METRICS_SERVER=https://github.com/kubernetes-sigs/metrics-server/releases/download/v0.8.0/components.yaml
ADDONS=https://raw.githubusercontent.com/istio/istio/1.28.0/samples/addons
GROUPS_OF_PRODUCT=(member content timeline activity search image frontend)
STORES=(mysql mongo redis kafka typesense)

dry_run=no
addons=no
arguments=()
for argument in "$@"; do
  case "$argument" in
    --dry-run) dry_run=yes ;;
    --addons) addons=yes ;;
    -h | --help)
      sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    -*)
      echo "install: unknown option $argument (see --help)" >&2
      exit 2
      ;;
    *) arguments+=("$argument") ;;
  esac
done

steps_of() { # which part was asked for: all, infra or app
  case "${arguments[0]:-}" in
    infra | app) echo "${arguments[0]}" ;;
    *) echo all ;;
  esac
}
part="$(steps_of)"
case "$part" in
  all) tag="${arguments[0]:-dev}" ;;
  infra) tag= ;;
  app) tag="${arguments[1]:-}" ;;
esac
if [ "$part" = app ] && [ -z "$tag" ]; then
  echo "install: app needs the tag of an image: kubernetes/install.sh app TAG" >&2
  exit 2
fi

number=0
step() { # WHAT FUNCTION NEXT-STEP: says what it does; when it fails, why, and what to do
  local what="$1" work="$2" next="$3"
  number=$((number + 1))
  echo "[$number] $what"
  # In a shell of its own: a function that is tested with `||` would go on after its own failures.
  set +e
  (set -e && "$work")
  local code=$?
  set -e
  if [ "$code" != 0 ]; then
    echo "install: step $number failed ($what)" >&2
    echo "install: $next" >&2
    exit 1
  fi
}

run() {
  if [ "$dry_run" = yes ]; then
    printf '    %s\n' "$*"
  else
    "$@"
  fi
}

apply() { # kubectl apply of what comes on stdin
  if [ "$dry_run" = yes ]; then
    cat >/dev/null
    printf '    kubectl apply %s -f -\n' "$*"
  else
    kubectl apply "$@" -f -
  fi
}

check_tools() {
  local tool missing=()
  if [ "$dry_run" = yes ]; then return 0; fi
  for tool in kind kubectl istioctl docker; do command -v "$tool" >/dev/null || missing+=("$tool"); done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "missing: ${missing[*]}" >&2
    return 1
  fi
  docker info --format '    docker {{.ServerVersion}}'
}

make_cluster() {
  if [ "$dry_run" = no ] && kind get clusters 2>/dev/null | grep -qx "$CLUSTER"; then
    echo "    cluster $CLUSTER is there"
  else
    # The nodes run as root, the product as user 1000: the folder of the pictures belongs to it.
    run mkdir -p /var/tmp/dailyfeed-images
    run chmod 0777 /var/tmp/dailyfeed-images
    run kind create cluster --config "$HERE/kind/cluster.yaml" --wait 180s
  fi
  run kubectl config use-context "kind-$CLUSTER"
}

add_metrics_server() {
  run kubectl apply -f "$METRICS_SERVER"
  # kind's kubelets have certificates that nobody signed.
  run kubectl -n kube-system patch deployment metrics-server --type=strategic -p \
    '{"spec":{"template":{"spec":{"containers":[{"name":"metrics-server","args":["--cert-dir=/tmp","--secure-port=10250","--kubelet-preferred-address-types=InternalIP","--kubelet-use-node-status-port","--metric-resolution=15s","--kubelet-insecure-tls"]}]}}}}'
  run kubectl -n kube-system rollout status deployment/metrics-server --timeout=180s
}

install_istio() { run istioctl install -y -f "$HERE/kind/istio.yaml"; }

add_addons() {
  local addon
  for addon in prometheus grafana kiali jaeger; do run kubectl apply -f "$ADDONS/$addon.yaml"; done
  run kubectl -n istio-system create configmap dailyfeed-dashboards --from-file="$HERE/dashboards" --dry-run=client -o yaml |
    if [ "$dry_run" = yes ]; then cat; else kubectl apply --server-side -f -; fi
}

random_secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

has_secret() { # NAMESPACE NAME
  [ "$dry_run" = no ] && kubectl -n "$1" get secret "$2" >/dev/null 2>&1
}

secret() { # NAMESPACE NAME KEY=VALUE...: values go through stdin, where no list of processes shows them
  local namespace="$1" name="$2" pair
  shift 2
  {
    printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: %s}\nstringData:\n' "$name" "$namespace"
    for pair in "$@"; do printf '  %s: "%s"\n' "${pair%%=*}" "${pair#*=}"; done
  } | apply
}

make_secrets() { # once: the stores keep the passwords that they were made with
  local mysql redis typesense
  run kubectl apply -f "$HERE/infra/namespace.yaml" -f "$HERE/base/namespace.yaml"
  if has_secret dailyfeed dailyfeed-stores; then
    echo "    the passwords are there"
    return 0
  fi
  mysql="$(random_secret)"
  redis="$(random_secret)"
  typesense="$(random_secret)"
  secret infra mysql "password=$mysql" "root-password=$(random_secret)"
  secret infra redis "password=$redis"
  secret infra typesense "api-key=$typesense"
  # The last one tells that all are there.
  secret dailyfeed dailyfeed-stores \
    "DATABASE_URL=mysql://dailyfeed:$mysql@mysql.infra:3306/dailyfeed" \
    "MONGO_URL=mongodb://mongo-0.mongo.infra.svc.cluster.local:27017/dailyfeed?replicaSet=rs0" \
    "REDIS_URL=redis://:$redis@redis.infra:6379/0" \
    "TRANSPORTER=redis://:$redis@redis.infra:6379/1" \
    "KAFKA_BROKERS=kafka-0.kafka.infra.svc.cluster.local:9092" \
    "TYPESENSE_URL=http://typesense.infra:8108" \
    "TYPESENSE_API_KEY=$typesense"
}

start_stores() {
  local store
  run kubectl apply -k "$HERE/infra"
  for store in "${STORES[@]}"; do run kubectl -n infra rollout status "statefulset/$store" --timeout=300s; done
}

load_image() {
  if [ "$dry_run" = yes ] || ! docker image inspect "$IMAGE:$tag" >/dev/null 2>&1; then
    run docker build -t "$IMAGE:$tag" "$HERE/.."
  fi
  run kind load docker-image --name "$CLUSTER" "$IMAGE:$tag"
}

product() { # the overlay with the image's tag
  if [ "$dry_run" = yes ]; then return 0; fi
  kubectl kustomize "$HERE/overlays/kind" | sed "s#$IMAGE:dev#$IMAGE:$tag#"
}

migrate() {
  run kubectl -n dailyfeed delete job dailyfeed-migrate --ignore-not-found
  product | apply --selector=dailyfeed/step=migrate
  run kubectl -n dailyfeed wait --for=condition=complete job/dailyfeed-migrate --timeout=300s
}

roll_out() {
  local group
  product | apply
  for group in "${GROUPS_OF_PRODUCT[@]}"; do
    run kubectl -n dailyfeed rollout status "deployment/dailyfeed-$group" --timeout=300s
  done
}

try_it() { # plain bash: no other tool is needed
  local attempt status=
  if [ "$dry_run" = yes ]; then
    echo "    GET http://dailyfeed.localhost/api-docs/json"
    return 0
  fi
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    status="$(
      exec 3<>"/dev/tcp/${SMOKE_HOST:-127.0.0.1}/${SMOKE_PORT:-80}" &&
        printf 'GET /api-docs/json HTTP/1.1\r\nHost: dailyfeed.localhost\r\nConnection: close\r\n\r\n' >&3 &&
        head -n 1 <&3 | tr -d '\r'
    )" 2>/dev/null || true
    case "$status" in *" 200 "*) return 0 ;; esac
    echo "    attempt $attempt: ${status:-no answer}"
    sleep "${SMOKE_PAUSE:-3}"
  done
  return 1
}

step "Look for kind, kubectl, istioctl and a running docker" check_tools \
  "Install what is missing (kind.sigs.k8s.io, kubernetes.io/docs/tasks/tools, istio.io, docs.docker.com) and start docker."
if [ "$part" != app ]; then
  step "Make the kind cluster $CLUSTER" make_cluster \
    "See 'docker ps' and whether ports 80 and 443 are free; 'kubernetes/uninstall.sh' removes a half-made cluster."
  step "Add metrics-server, which the autoscalers read" add_metrics_server \
    "See 'kubectl -n kube-system describe deployment metrics-server'; then repeat this command."
  step "Install Istio: istiod, CNI plugin, ingress gateway" install_istio \
    "See 'kubectl -n istio-system get pods' and 'istioctl analyze -A'; then repeat this command."
  if [ "$addons" = yes ]; then
    step "Add Prometheus, Grafana, Kiali and Jaeger" add_addons "The product runs without them: leave --addons out."
  fi
  step "Make namespaces and passwords" make_secrets "See 'kubectl get secrets -A'; then repeat this command."
  step "Start the stores: ${STORES[*]}" start_stores \
    "See 'kubectl -n infra get pods' and 'kubectl -n infra describe pod NAME'; then repeat 'kubernetes/install.sh infra'."
fi
if [ "$part" != infra ]; then
  step "Bring the image $IMAGE:$tag into the cluster" load_image \
    "See 'docker images $IMAGE'; 'docker build -t $IMAGE:$tag .' shows what is wrong with it."
  step "Migrate the database" migrate \
    "See 'kubectl -n dailyfeed logs job/dailyfeed-migrate'; then repeat 'kubernetes/install.sh app $tag'."
  step "Roll out the groups: ${GROUPS_OF_PRODUCT[*]}" roll_out \
    "See 'kubectl -n dailyfeed get pods'; 'kubectl -n dailyfeed rollout undo deployment/NAME' brings back what ran before."
  step "Ask the product through the ingress" try_it \
    "See 'kubectl -n istio-system logs deployment/istio-ingressgateway' and 'kubectl -n dailyfeed get pods'."
fi
case "$part" in
  infra) echo "The stores run. Next: kubernetes/install.sh app TAG" ;;
  *) echo "dailyfeed answers at http://dailyfeed.localhost (API /api, documentation /docs)" ;;
esac
