#!/bin/bash
# KAFKA_SOME_NAME is the property some.name, as in the image that it stands for.
set -e
properties=/tmp/server.properties
env | sed -n 's/^KAFKA_\([A-Z_]*\)=/\1 /p' | while read -r name value; do
  echo "$(echo "$name" | tr 'A-Z_' 'a-z.')=$value"
done >"$properties"
java=(java -Xms128m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/kafka/libs/*')
[ -f "$KAFKA_LOG_DIRS/meta.properties" ] || "${java[@]}" kafka.tools.StorageTool format -t "$CLUSTER_ID" -c "$properties"
exec "${java[@]}" kafka.Kafka "$properties"
