#!/usr/bin/env bash
# Print shell lines with which `docker` finds a daemon; nothing if it finds one already. If there is no
# daemon, the script beside the clone (only on the project's machines) starts a private one with
# stand-ins for the base images. Without that script, print one line and fail.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
up=${GIROPOPS_CONTAINERS_UP:-../shared/containers/up}

if docker version >/dev/null 2>&1; then
    exit 0
fi
if [[ ! -x $up ]]; then
    echo 'giropops: no Docker: no daemon answers, and none can be started here' >&2
    exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$up" --services valkey postgres 2>"$log" </dev/null || {
    echo "giropops: no Docker: the private daemon does not start: $(tail -n 1 "$log")" >&2
    exit 1
}
