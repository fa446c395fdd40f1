#!/bin/sh
# The crawl of a documentation tree beside wget2, as whole processes: ./crawl-against-wget2.sh URL [runs]
# Needs wget2 and GNU time; the server is the caller's, on the loopback interface. Prints seconds of wall, user and system time.
set -eu
url=$1
runs=${2:-7}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$root/weir" crawl "$url" --quiet --per-host 8 --concurrency 8 --out "$work/warm" >/dev/null 2>&1
i=0
while [ "$i" -lt "$runs" ]; do
  i=$((i + 1))
  rm -rf "$work/weir" "$work/wget2" && mkdir "$work/wget2"
  /usr/bin/time -a -o "$work/times" -f "weir %e %U %S" \
    "$root/weir" crawl "$url" --quiet --per-host 8 --concurrency 8 --out "$work/weir" >/dev/null
  (cd "$work/wget2" && /usr/bin/time -a -o "$work/times" -f "wget2 %e %U %S" \
    wget2 -q -r -l inf --max-threads=8 "$url") || true # 8: it found a broken link, as it should
done
grep -v '^Command' "$work/times" | sort
