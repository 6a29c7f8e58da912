#!/usr/bin/env bash
# The stores of docker-compose.yml, for services that run on this machine.
#
#   npm run servers:compose             starts them and waits until they are healthy; makes .env.local where there is none
#   npm run servers:compose -- down     stops them, and the services in containers; data are kept
#   npm run servers:compose -- reset    removes all containers and their data
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Every profile, so that nothing is left behind.
all=(docker compose --profile stores --profile ui)

case "${1:-up}" in
  up)
    docker compose up --detach --wait stores
    [ -e .env.local ] || cp .env.local.example .env.local
    echo "The stores are healthy, .env.local names them. Now, each in a terminal of its own:"
    echo "  npm run dev -- --services api,auth,member"
    echo "  npm run dev -- --services content        (and timeline, activity, search, image, batch)"
    ;;
  down) "${all[@]}" down --remove-orphans ;;
  reset) "${all[@]}" down --remove-orphans --volumes ;;
  *)
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
