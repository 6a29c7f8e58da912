#!/bin/bash
# As the image that it stands for: reachable from other containers, although without a password.
[ "$1" = redis-server ] && set -- "$@" --protected-mode no --bind 0.0.0.0 --dir /data
exec "$@"
