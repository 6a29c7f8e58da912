# shellcheck shell=bash
# Apache Kafka from its jars on Maven Central: kafka is broker and controller in one, kafka2 and kafka3 are brokers.

KAFKA_VERSION="${KAFKA_VERSION:-4.3.1}"
KAFKA_PORT="${KAFKA_PORT:-19092}"       # controller: +1, kafka2: +2, kafka3: +3
KAFKA_CLUSTER_ID=MkU3OEVBNTcwNTJENDM2Qk # any 16 bytes as base64url
# Quick to start and small, at the price of peak speed.
KAFKA_JAVA=(java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:+ExitOnOutOfMemoryError
  -Djava.awt.headless=true -Djava.io.tmpdir="$RUN/tmp" -Dlog4j2.configurationFile="$RUN/log4j2.properties")

kafka_port() { case "$1" in kafka) echo "$KAFKA_PORT" ;; kafka2) echo $((KAFKA_PORT + 2)) ;; kafka3) echo $((KAFKA_PORT + 3)) ;; esac; }
kafka_node() { case "$1" in kafka) echo 1 ;; kafka2) echo 2 ;; kafka3) echo 3 ;; esac; }

install_kafka() {
  local libs="$CACHE/kafka-$KAFKA_VERSION" mode
  apt_need java openjdk-17-jre-headless
  [ ! -f "$libs/.complete" ] || return 0
  apt_need mvn maven
  say "Kafka $KAFKA_VERSION from Maven Central"
  rm -rf "$libs.new"
  mkdir -p "$libs.new"
  cat >"$libs.new/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>dailyfeed</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$KAFKA_VERSION</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>$KAFKA_VERSION</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
POM
  for mode in -o -U -U; do # offline first: a filled local repository is enough
    if mvn -q -B -C "$mode" -f "$libs.new/pom.xml" \
      org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
      -DincludeScope=runtime -DoutputDirectory="$libs.new" >"$libs.new/mvn.log" 2>&1; then
      touch "$libs.new/.complete"
      rm -rf "$libs"
      mv "$libs.new" "$libs"
      return 0
    fi
  done
  tail -n 20 "$libs.new/mvn.log" >&2
  die "the jars of Kafka could not be fetched"
}

start_kafka() {
  local service="$1"
  # In the environment, because java expands this * itself and a shell would glob it in an argument.
  local -x CLASSPATH="$CACHE/kafka-$KAFKA_VERSION/*"
  port_must_be_free "$(kafka_port "$service")"
  if [ "$service" = kafka ]; then port_must_be_free $((KAFKA_PORT + 1)); fi
  mkdir -p "$RUN/tmp"
  write_kafka_logging
  write_kafka_properties "$service"
  if [ ! -f "$RUN/$service/data/meta.properties" ]; then
    "${KAFKA_JAVA[@]}" -Xmx128m kafka.tools.StorageTool format -t "$KAFKA_CLUSTER_ID" \
      -c "$RUN/$service/server.properties" >"$RUN/$service/format.log" 2>&1 || {
      cat "$RUN/$service/format.log" >&2
      die "format of $service failed"
    }
  fi
  spawn "$service" "${KAFKA_JAVA[@]}" -Xms64m -Xmx256m kafka.Kafka "$RUN/$service/server.properties"
}

# At INFO for one logger: it tells when the server is ready.
write_kafka_logging() {
  cat >"$RUN/log4j2.properties" <<'CONF'
rootLogger.level=WARN
rootLogger.appenderRefs=out
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %c %m%n
logger.ready.name=kafka.server.KafkaRaftServer
logger.ready.level=INFO
CONF
}

write_kafka_properties() { # SERVICE
  local service="$1" port roles=broker listeners controller=$((KAFKA_PORT + 1)) replication=1
  port="$(kafka_port "$service")"
  listeners="PLAINTEXT://127.0.0.1:$port"
  if [ "$service" = kafka ]; then
    roles=broker,controller
    listeners="$listeners,CONTROLLER://127.0.0.1:$controller"
  fi
  if [ -d "$RUN/kafka3" ]; then replication=3; fi # with three brokers, the internal topics survive a lost one too
  cat >"$RUN/$service/server.properties" <<CONF
process.roles=$roles
node.id=$(kafka_node "$service")
controller.quorum.voters=1@127.0.0.1:$controller
listeners=$listeners
advertised.listeners=PLAINTEXT://127.0.0.1:$port
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=$RUN/$service/data
# As in production: a topic exists only when something made it.
auto.create.topics.enable=false
offsets.topic.replication.factor=$replication
transaction.state.log.replication.factor=$replication
transaction.state.log.min.isr=1
# Quick tests: no wait before the first rebalance, few internal partitions, retention and deletion at once.
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
log.retention.check.interval.ms=2000
log.segment.delete.delay.ms=1000
log.initial.task.delay.ms=500
# A killed broker is given up after 2 s instead of 9, which is also how long its restart waits.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
replica.lag.time.max.ms=3000
# Small: the cleaner's default buffer alone takes 128 MB.
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=2097152
CONF
}

ready_kafka() { grep -q 'Kafka Server started' "$RUN/$1/log" && port_open "$(kafka_port "$1")"; }
