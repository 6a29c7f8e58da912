#!/usr/bin/env bash
# Runs the README's five-minute tour exactly as printed, against the product on an empty DATA_DIR, and checks that it shows
# what the text around it promises. With TOUR_URL=http://host:port against that system instead, which must be empty.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work="$(mktemp -d)"
trap '[ -z "${product:-}" ] || kill "$product" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
touch "$work/product.log"

if [ -z "${TOUR_URL:-}" ]; then
  DATA_DIR="$work/data" LOG_LEVEL=warn npm start >"$work/product.log" 2>&1 &
  product=$!
fi
url="${TOUR_URL:-http://localhost:3000}"
for _ in $(seq 100); do
  curl -sf "$url/healthcheck/ready" >/dev/null && break
  [ -z "${product:-}" ] || kill -0 "$product" 2>/dev/null || { cat "$work/product.log"; echo "tour: the product did not start"; exit 1; }
  sleep 0.1
done

sed -n '/^<!-- tour -->$/,/^<!-- \/tour -->$/p' README.md | sed "/^<!--/d; /^\`\`\`/d; s|http://localhost:3000|$url|" >"$work/tour.sh"
(cd "$work" && bash -euo pipefail tour.sh) >"$work/tour.log" || { cat "$work/tour.log" "$work/product.log"; echo "tour: a command failed"; exit 1; }
cat "$work/tour.log"; echo

expect() { grep -q -- "$1" "$work/tour.log" || { echo "tour: expected to see: $1"; exit 1; }; }
expect '"name":"미나"'
expect '"content":"오늘 날씨가 정말 좋다!"'
expect '"authorHandle":"joon"'
expect '"liked":true'
expect '"depth":1'
expect '"replyCount":1'
expect '오늘 <mark>날씨</mark>가 정말 좋다!'
expect '"handle":"joon"'
expect '"avatarUrl":"/api/images/view/'
expect 'Content-Type: image/webp'
expect '"accessToken":"'
expect '"code":"TOKEN_BLACKLISTED"'
expect 'X-Relogin-Required: true'
echo "tour: everything as the README says"
