#!/usr/bin/env bash
# RabbitMQ 4 beside the machine's own: from Debian trixie in a directory, on ports of its own. start | stop (needs root).
set -euo pipefail

ROOT=${LANGBENK_RABBIT4_ROOT:-/var/tmp/langbenk-rabbit4}
export RABBITMQ_NODENAME=rabbit4@localhost RABBITMQ_NODE_PORT=5674 RABBITMQ_DIST_PORT=25674 ERL_EPMD_PORT=4374
export RABBITMQ_CONFIG_FILE=/etc/rabbitmq/langbenk LC_ALL=C.UTF-8

inside() { chroot "$ROOT" "$@"; }

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

build() {
  [ -x "$ROOT/usr/sbin/rabbitmq-server" ] && return
  command -v debootstrap >/dev/null || { echo "rabbit4: apt-get install debootstrap, and then again"; exit 1; }
  echo "rabbit4: building $ROOT (about four minutes, once) ..."
  debootstrap --variant=minbase --include=rabbitmq-server trixie "$ROOT" http://deb.debian.org/debian >"$ROOT.log" 2>&1
}

start() {
  answers 15674 && return
  build
  printf 'management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = 15674\n' >"$ROOT/etc/rabbitmq/langbenk.conf"
  mountpoint -q "$ROOT/proc" || mount -t proc proc "$ROOT/proc" # RabbitMQ reads its memory there
  inside rabbitmq-plugins enable --offline rabbitmq_management >/dev/null
  inside rabbitmq-server -detached >/dev/null 2>&1
  for _ in $(seq 120); do
    answers 5674 && answers 15674 && return
    sleep 1
  done
  echo "rabbit4: no answer; see $ROOT/var/log/rabbitmq"
  exit 1
}

stop() {
  answers 15674 && inside rabbitmqctl -q shutdown >/dev/null
  mountpoint -q "$ROOT/proc" && umount -l "$ROOT/proc"
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  *) echo "usage: $0 start|stop"; exit 2 ;;
esac
