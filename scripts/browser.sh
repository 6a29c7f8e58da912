#!/usr/bin/env bash
# Chromium for `npm run test:web`: installs Debian's where it lacks and may. Another one can be named with CHROMIUM.
set -euo pipefail

for browser in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
  [ -n "$browser" ] && [ -x "$browser" ] && exit 0
done
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "no Chromium here, and it can be installed on Debian as root only" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null
apt-get install -y -qq --no-install-recommends chromium >/dev/null || {
  echo "apt-get could not install chromium" >&2
  exit 1
}
