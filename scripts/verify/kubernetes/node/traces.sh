# shellcheck shell=bash
# What containerd, kubelet and kube-proxy leave on a machine outside of their folder, and how it is taken back.
# RUN and BRIDGE are the caller's.
# shellcheck disable=SC2153

FOLDERS=(/var/lib/kubelet /var/lib/cni /var/log/containers /var/log/pods /run/containerd)
SETTINGS=(vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops kernel/keys/root_maxkeys
  kernel/keys/root_maxbytes net/ipv4/ip_forward net/ipv4/conf/all/route_localnet)

remember_traces() {
  local name
  for name in "${FOLDERS[@]}"; do [ -e "$name" ] || echo "$name"; done >"$RUN/folders"
  for name in "${SETTINGS[@]}"; do
    if [ -r "/proc/sys/$name" ]; then echo "$name $(cat "/proc/sys/$name")"; fi
  done >"$RUN/settings"
}

remove_traces() {
  local name value family table
  [ -f "$RUN/settings" ] || return 0
  awk -v folder="$RUN/" 'index($2, folder) == 1 {print $2}' /proc/mounts | sort -r | xargs --no-run-if-empty umount --lazy
  ip link delete "$BRIDGE" 2>/dev/null || true
  for family in iptables ip6tables; do
    for table in mangle nat filter; do
      "$family-save" -t "$table" 2>/dev/null | grep -v -e KUBE- -e "$BRIDGE" | "$family-restore" -T "$table" 2>/dev/null || true
    done
  done
  find /sys/fs/cgroup -depth -type d -path '*/kubepods*' -exec rmdir {} + 2>/dev/null || true
  while read -r name value; do echo "$value" >"/proc/sys/$name" || true; done <"$RUN/settings"
  xargs --no-run-if-empty rm -rf --one-file-system <"$RUN/folders"
}
