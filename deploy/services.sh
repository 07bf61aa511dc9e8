#!/usr/bin/env bash
# Starts PostgreSQL, RabbitMQ and Redis on 127.0.0.1 where they do not answer: by Docker Compose, else from Debian's packages.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATIENCE=120
declare -A PORT=([postgres]=5432 [rabbitmq]=5672 [redis]=6379)
ORDER=(postgres rabbitmq redis)

say() { printf 'services: %s\n' "$*"; }

answers() { (exec 3<>"/dev/tcp/127.0.0.1/${PORT[$1]}") 2>/dev/null; }

missing() {
  local name
  for name in "${ORDER[@]}"; do answers "$name" || printf '%s ' "$name"; done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    say "this needs root: run it as root, or install Docker, and then again: make services"
    exit 1
  fi
}

have_compose() { docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; }

install_packages() {
  local log
  log=$(mktemp)
  say "installing $* from Debian's packages ..."
  if ! { as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1; then
    cat "$log"
    exit 1
  fi
  rm -f "$log"
}

cluster() { pg_lsclusters -h | awk '$2 == "main" { print $1; exit }'; }

start_postgres() {
  local fresh=""
  command -v pg_ctlcluster >/dev/null || { install_packages postgresql; fresh=yes; }
  # A database that was here before keeps its own rules of entry; the tests come as `postgres` without a password.
  [ -z "$fresh" ] || as_root sed -i -E 's/^(host\s+all\s+all\s+\S+\s+)\S+$/\1trust/' "/etc/postgresql/$(cluster)/main/pg_hba.conf"
  [ -z "$fresh" ] || as_root pg_ctlcluster "$(cluster)" main stop >/dev/null 2>&1 || true
  as_root pg_ctlcluster "$(cluster)" main start
}

start_rabbitmq() {
  command -v rabbitmq-server >/dev/null || install_packages rabbitmq-server
  answers rabbitmq || as_root rabbitmq-server -detached >/dev/null 2>&1
}

start_redis() {
  command -v redis-server >/dev/null || install_packages redis-server
  answers redis || as_root redis-server --daemonize yes --bind 127.0.0.1 --save "" >/dev/null
}

wait_until_they_answer() {
  local left=$PATIENCE
  while [ -n "$(missing)" ]; do
    if [ "$left" -le 0 ]; then
      say "no answer after $PATIENCE seconds from: $(missing)"
      exit 1
    fi
    left=$((left - 1))
    sleep 1
  done
}

absent=$(missing)
if [ -z "$absent" ]; then
  say "PostgreSQL, RabbitMQ and Redis answer on 127.0.0.1"
  exit 0
fi
say "not answering: $absent"
if have_compose; then
  say "starting them with Docker Compose ..."
  # shellcheck disable=SC2086
  docker compose -f "$HERE/compose.yaml" up --detach --wait $absent
elif command -v apt-get >/dev/null; then
  for name in $absent; do
    say "starting $name ..."
    "start_$name"
  done
else
  say "neither Docker Compose nor apt-get is here; start them yourself on ports 5432, 5672 and 6379"
  exit 1
fi
wait_until_they_answer
say "PostgreSQL, RabbitMQ and Redis answer on 127.0.0.1"
