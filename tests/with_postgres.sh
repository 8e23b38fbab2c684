#!/bin/sh
# The tests on a PostgreSQL server of their own, thrown away afterwards.
#   tests/with_postgres.sh                 the whole suite
#   tests/with_postgres.sh tests/jobs -x   what pytest is to run
set -eu
cd "$(dirname "$0")/.."

bin=$(dirname "$(readlink -f "$(command -v initdb 2>/dev/null || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)" 2>/dev/null)")
if [ ! -x "$bin/initdb" ]; then
  echo "没有 PostgreSQL 服务器（找不到 initdb），这次没有在 PostgreSQL 上测试。请先执行 scripts/system-packages" >&2
  exit 3
fi

place=$(mktemp -d "${TMPDIR:-/tmp}/zhuji-pg-XXXXXX")
# The server refuses to run as root.
as=""
if [ "$(id -u)" = 0 ]; then
  chown postgres "$place"
  as="setpriv --reuid=postgres --regid=postgres --clear-groups"
fi
run() { (cd "$place" && $as "$@"); }
stop() { run "$bin/pg_ctl" -D "$place/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$place"; }
trap stop EXIT
trap 'exit 130' INT TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
password=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
printf '%s\n' "$password" > "$place/password"
chmod 644 "$place/password"
run "$bin/initdb" -D "$place/data" -U postgres -A scram-sha-256 --pwfile="$place/password" -N -E UTF8 --locale=C.UTF-8 >/dev/null
rm "$place/password"
run "$bin/pg_ctl" -D "$place/data" -w -l "$place/log" \
  -o "-k $place -p $port -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200" \
  start >/dev/null || { cat "$place/log" >&2; exit 1; }

# A role as in production: no superuser, or what the database must refuse would be allowed.
export PATH="$bin:$PATH"
PGPASSWORD=$password psql -q -h 127.0.0.1 -p "$port" -U postgres -d postgres \
  -c "CREATE ROLE zhuji LOGIN CREATEDB PASSWORD '$password'" -c "CREATE DATABASE zhuji OWNER zhuji"

echo "PostgreSQL $("$bin/postgres" --version | awk '{print $3}')，端口 $port"
export ZHUJI_DATABASE_URL="postgres://zhuji:$password@127.0.0.1:$port/zhuji"
[ $# -gt 0 ] || set -- -n "${WORKERS:-2}"
.venv/bin/pytest "$@"
