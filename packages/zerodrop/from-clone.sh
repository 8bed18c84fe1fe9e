#!/bin/sh
# Runs zerodrop from a clone of its repository, as the action and the hook of pre-commit have it. The first run installs what it is
# made of by the lockfile; the package itself comes from no registry.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
[ -d "$root/node_modules/yaml" ] || npm ci --prefix "$root" --workspace zerodrop --omit=dev --ignore-scripts --silent >&2
exec node "$root/packages/zerodrop/bin/zerodrop.js" "$@"
