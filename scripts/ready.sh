#!/bin/bash
# Is the gateway of this container ready? The image's health check, every few seconds: a Node of its own would cost twenty
# times as much.
exec 3<>"/dev/tcp/127.0.0.1/${PORT:-3000}" || exit 1
printf 'GET /healthcheck/ready HTTP/1.0\r\n\r\n' >&3
read -r -u 3 _ status _
tail -n 1 <&3
[ "$status" = 200 ]
