#!/usr/bin/env bash
# One sync with nothing but docker. Run it again, also after it was killed, and it fetches what changed since.
#
#   ASHBY_API_KEY=...   needed
#   IMAGE               default source-ashby
#   DATA                folder for rows and state, default ./ashby-data
#
# Rows: $DATA/rows/<table>.jsonl, and $DATA/rows/run.json about the run. State: $DATA/state.json. For more than the key
# (start_date and the like) put the connection form, without the key, into $DATA/config.json.
# Exit code 0: every table is complete. 1: at least one failed; the rows that came are there all the same.
set -euo pipefail
IMAGE=${IMAGE:-source-ashby}
DATA=${DATA:-$PWD/ashby-data}
: "${ASHBY_API_KEY:?set it to your Ashby API key}"

mkdir -p "$DATA"
DATA=$(cd "$DATA" && pwd)
options=()
if [ -e "$DATA/config.json" ]; then options+=(--config /data/config.json); fi

# 1. Read. States are saved as the run goes on, each behind the rows that it covers. In the background, so that a signal
#    that this script gets is passed on: docker hands it to the connector, which saves a last state.
docker run --rm --user "$(id -u):$(id -g)" -e ASHBY_API_KEY -v "$DATA:/data" "$IMAGE" \
  read --out /data/rows --state /data/state.json --save-state /data/state.json ${options[@]+"${options[@]}"} &
reading=$!
trap 'kill -TERM "$reading" 2> /dev/null' TERM INT
code=0
wait "$reading" || code=$?
while kill -0 "$reading" 2> /dev/null; do # a signal ended the wait, not the reading
  code=0
  wait "$reading" || code=$?
done

# 2. Load $DATA/rows/*.jsonl into your warehouse here, and move the files away when they are loaded: the next run begins
#    new ones. Files that stay are added to, so nothing is lost when loading fails.

exit "$code"
