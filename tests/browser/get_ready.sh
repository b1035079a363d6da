#!/bin/sh
# Brings what the tests in a browser need: Chromium and a Java from Debian, rules of accessibility and a validator of
# HTML from npm. What cannot be had is said, and its tests are skipped; nothing here ends `make test`.
set -u
cd "$(dirname "$0")" || exit 0

missing=""
[ -x /usr/bin/chromium ] || missing="chromium"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq >/dev/null 2>&1
        # shellcheck disable=SC2086  # one word for each package
        apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 ||
            echo "tests/browser: apt-get could not install: $missing" >&2
    else
        echo "tests/browser: not installed, their tests are skipped: $missing (apt-get install $missing)" >&2
    fi
fi

if [ package-lock.json -ot node_modules/.package-lock.json ]; then
    exit 0 # as the lock says already
fi
if command -v npm >/dev/null 2>&1; then
    # Scripts of packages are not run: the validator's would look for a Java of its own.
    npm ci --ignore-scripts --no-audit --no-fund --silent ||
        echo "tests/browser: npm ci failed: accessibility and HTML are not checked" >&2
else
    echo "tests/browser: no npm: accessibility and HTML are not checked" >&2
fi
exit 0
