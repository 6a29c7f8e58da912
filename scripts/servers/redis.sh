# shellcheck shell=bash
# Redis as in production: append-only, nothing evicted.

REDIS_PORT="${REDIS_PORT:-16379}"

# redis-tools holds the server's program too (one binary, told apart by its name) and no service.
install_redis() {
  apt_need /usr/bin/redis-check-rdb redis-tools
  ln -sfn /usr/bin/redis-check-rdb "$CACHE/redis-server"
}

start_redis() {
  port_must_be_free "$REDIS_PORT"
  mkdir -p "$RUN/redis/data"
  spawn redis "$CACHE/redis-server" --bind 127.0.0.1 --port "$REDIS_PORT" --dir "$RUN/redis/data" --daemonize no \
    --appendonly yes --appendfsync everysec --save '' --maxmemory 256mb --maxmemory-policy noeviction
}

# While it loads its data it answers an error instead.
ready_redis() { [ "$(redis-cli -p "$REDIS_PORT" ping 2>/dev/null)" = PONG ]; }
