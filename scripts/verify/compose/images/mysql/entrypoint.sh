#!/bin/bash
# Understands MYSQL_DATABASE, MYSQL_USER and MYSQL_PASSWORD as the image that it stands for; root gets no password at all.
set -eo pipefail
shift # mysqld
data=/var/lib/mysql
if [ ! -d "$data/mysql" ]; then
  mariadb-install-db --user=mysql --datadir="$data" --auth-root-authentication-method=socket --skip-test-db >/dev/null
  mariadbd --user=mysql --datadir="$data" --skip-networking --socket=/run/mysqld/init.sock &
  until mariadb-admin --socket=/run/mysqld/init.sock ping >/dev/null 2>&1; do sleep 0.2; done
  mariadb --socket=/run/mysqld/init.sock -uroot <<SQL
CREATE DATABASE \`$MYSQL_DATABASE\`;
CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';
GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';
SQL
  mariadb-admin --socket=/run/mysqld/init.sock -uroot shutdown
  wait
fi
exec mariadbd --user=mysql --datadir="$data" --bind-address=0.0.0.0 "$@"
