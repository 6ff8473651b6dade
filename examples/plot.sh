#!/bin/sh
# Draws an SVG with nothing but curl: submits it, declares the paper ready, waits for its end.
# sh examples/plot.sh drawing.svg [device]          PLOTTY_HTTP=http://localhost:8766 PLOTTY_API_KEY=...
set -eu

base=${PLOTTY_HTTP:-http://localhost:8766}
file=$1
device=${2:-}

ask() {
  curl --silent --show-error --fail --header "X-API-Key: ${PLOTTY_API_KEY:-}" "$@"
}

# The first value of a text field in a JSON answer.
field() {
  sed -n "s/^[^}]*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

job=$(ask --data-binary "@$file" --header "Content-Type: image/svg+xml" \
  "$base/api/v1/jobs?name=$(basename "$file")" | field id)
echo "$job: submitted"
[ -z "$device" ] || ask --request POST --output /dev/null "$base/api/v1/devices/$device/ready"

before=
while :; do
  state=$(ask "$base/api/v1/jobs/$job" | field state)
  [ "$state" = "$before" ] || echo "$job: $state"
  before=$state
  case $state in
    COMPLETED) exit 0 ;;
    FAILED | CANCELLED) exit 1 ;;
  esac
  sleep 0.2
done
