# shellcheck shell=bash
# MariaDB, set as MySQL 8 would be where that can be done, and a read-only replica of it.

DB_PORT="${DB_PORT:-13306}" # the replica: one more
DB_USER=app
DB_PASSWORD=app
DB_NAME=app

mariadb_port() { if [ "$1" = db ]; then echo "$DB_PORT"; else echo $((DB_PORT + 1)); fi; }
mariadb_url() { echo "mysql://$DB_USER:$DB_PASSWORD@127.0.0.1:$(mariadb_port "$1")/$DB_NAME"; }
mariadb_sql() { # SERVICE ARGS...
  local service="$1"
  shift
  /usr/bin/mariadb --no-defaults --socket="$RUN/$service/sock" -uroot --batch --skip-column-names "$@"
}

# The -core packages hold programs only: no service starts by itself, no system user.
install_mariadb() { apt_need /usr/sbin/mariadbd mariadb-server-core /usr/bin/mariadb mariadb-client-core; }

start_mariadb() {
  local service="$1" port id=1 read_only=0
  port="$(mariadb_port "$service")"
  if [ "$service" = replica ]; then id=2 read_only=1; fi
  port_must_be_free "$port"
  [ ${#RUN} -lt 90 ] || die "the path $RUN is too long for a socket (107 bytes)"
  mkdir -p "$RUN/$service/tmp"
  cat >"$RUN/$service/my.cnf" <<CONF
[mariadbd]
user=$(id -un)
datadir=$RUN/$service/data
tmpdir=$RUN/$service/tmp
socket=$RUN/$service/sock
pid-file=$RUN/$service/mariadbd.pid
bind-address=127.0.0.1
port=$port
skip-name-resolve
server-id=$id
read_only=$read_only
# As MySQL 8: character set, accents and case by default equal, strict mode, isolation, row log.
character-set-server=utf8mb4
collation-server=utf8mb4_uca1400_nopad_ai_ci
sql_mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION
transaction-isolation=REPEATABLE-READ
explicit_defaults_for_timestamp=1
max_allowed_packet=64M
default-time-zone=+00:00
log-bin=bin
binlog_format=ROW
log_slave_updates=1
gtid_strict_mode=1
max_connections=300
# A commit survives kill -9 of the server, not a power cut: that is what tests ask for.
innodb_flush_log_at_trx_commit=2
sync_binlog=0
innodb_buffer_pool_size=128M
innodb_log_file_size=64M
CONF
  if [ ! -f "$RUN/$service/data/.complete" ]; then
    rm -rf "$RUN/$service/data"
    mariadb-install-db --defaults-file="$RUN/$service/my.cnf" --user="$(id -un)" --auth-root-authentication-method=normal \
      --skip-test-db --datadir="$RUN/$service/data" >"$RUN/$service/install.log" 2>&1 || {
      tail -n 20 "$RUN/$service/install.log" >&2
      die "mariadb-install-db failed"
    }
    touch "$RUN/$service/data/.complete"
  fi
  spawn "$service" /usr/sbin/mariadbd --defaults-file="$RUN/$service/my.cnf"
}

ready_mariadb() { mariadb_sql "$1" -e 'SELECT 1' >/dev/null 2>&1; }

# Rights on the database and on those that tests make (app_...). Not on everything: that would include
# writing to a read-only replica.
setup_mariadb() {
  if [ "$1" = db ]; then
    mariadb_sql db <<SQL
CREATE DATABASE IF NOT EXISTS \`$DB_NAME\`;
CREATE USER IF NOT EXISTS '$DB_USER'@'%' IDENTIFIED BY '$DB_PASSWORD';
GRANT ALL PRIVILEGES ON \`$DB_NAME\`.* TO '$DB_USER'@'%';
GRANT ALL PRIVILEGES ON \`$DB_NAME\\_%\`.* TO '$DB_USER'@'%';
CREATE USER IF NOT EXISTS 'replication'@'%' IDENTIFIED BY 'replication';
GRANT REPLICATION SLAVE ON *.* TO 'replication'@'%';
SQL
  else
    [ -n "$(mariadb_sql replica -e 'SHOW REPLICA STATUS')" ] || mariadb_sql replica -e "CHANGE MASTER TO
      MASTER_HOST='127.0.0.1', MASTER_PORT=$DB_PORT, MASTER_USER='replication', MASTER_PASSWORD='replication',
      MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1; START REPLICA"
    wait_until_ready replica replica_follows
  fi
}

replica_follows() {
  [ "$(mariadb_sql replica -e "SHOW STATUS LIKE 'Slave_running'" | cut -f2)" = ON ] &&
    [ "$(mariadb_sql replica -e 'SELECT @@gtid_slave_pos')" = "$(mariadb_sql db -e 'SELECT @@gtid_binlog_pos')" ]
}
