#!/usr/bin/env bash
# One sync with nothing but docker, jq and awk. Run it again and it fetches what changed since.
#
#   ASHBY_API_KEY=...   needed
#   IMAGE               default source-ashby
#   DATA                folder for catalog, state and rows, default ./ashby-data
#
# Rows: $DATA/rows/<table>.jsonl, those of this run only. State: $DATA/state.json.
# Exit code 0: every table is complete. 1: at least one table failed; the rows that came are there all the same.
set -euo pipefail
IMAGE=${IMAGE:-source-ashby}
DATA=${DATA:-$PWD/ashby-data}
: "${ASHBY_API_KEY:?set it to your Ashby API key}"

mkdir -p "$DATA"
DATA=$(cd "$DATA" && pwd)
(umask 077 && jq -n '{api_key: env.ASHBY_API_KEY}' > "$DATA/config.json")
trap 'rm -f "$DATA/config.json"' EXIT
connector() {
  docker run --rm --user "$(id -u):$(id -g)" -v "$DATA:/data:ro" "$IMAGE" "$@"
}

# 1. Which tables there are: made once; delete catalog.json to ask again, or edit it to leave tables out.
#    live_keys makes every run read the lists whole, so it is for those who want it (docs/deletions.md).
if [ ! -s "$DATA/catalog.json" ]; then
  connector discover --config /data/config.json > "$DATA/discover.jsonl"
  jq -c 'select(.type == "CATALOG") | {streams: [.catalog.streams[] | select(.name != "live_keys") | {
      stream: .,
      sync_mode: (if .supported_sync_modes | index("incremental") then "incremental" else "full_refresh" end),
      destination_sync_mode: "append"}]}' "$DATA/discover.jsonl" > "$DATA/catalog.next"
  mv "$DATA/catalog.next" "$DATA/catalog.json"
fi

# 2. Read. A failed read has still printed rows and states that hold, so what follows is done either way.
[ -s "$DATA/state.json" ] || echo '[]' > "$DATA/state.json"
code=0
connector read --config /data/config.json --catalog /data/catalog.json --state /data/state.json > "$DATA/messages.jsonl" || code=$?
if [ -n "$(tail -c 1 "$DATA/messages.jsonl")" ]; then # a run that was killed may leave half a line
  sed '$d' "$DATA/messages.jsonl" > "$DATA/messages.next" && mv "$DATA/messages.next" "$DATA/messages.jsonl"
fi

# 3. A file of rows for each table.
rm -rf "$DATA/rows" && mkdir "$DATA/rows"
jq -r 'select(.type == "RECORD").record | .stream + "\t" + (.data | tojson)' "$DATA/messages.jsonl" |
  awk -F '\t' -v rows="$DATA/rows" '{ print substr($0, length($1) + 2) > (rows "/" $1 ".jsonl") }'

# 4. Load $DATA/rows into your warehouse here, before the state moves on: if loading fails, the rows come again.

# 5. The last state of each table; a table without a new one keeps its old one.
jq -c 'select(.type == "STATE").state' "$DATA/messages.jsonl" |
  jq -s -c --slurpfile old "$DATA/state.json" \
    '$old[0] + . | group_by(.stream.stream_descriptor.name) | map(last)' > "$DATA/state.next"
mv "$DATA/state.next" "$DATA/state.json"

# 6. What went wrong, if something did.
jq -r 'select(.type == "TRACE" and .trace.type == "ERROR") | .trace.error.message' "$DATA/messages.jsonl" >&2
exit "$code"
