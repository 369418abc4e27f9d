#!/usr/bin/env bash
# Adds the connector to a self-managed Airbyte and makes a source of it, by Airbyte's API. Prints the ids as JSON.
#
#   AIRBYTE_API        such as https://airbyte.example.com/api/public/v1
#   AIRBYTE_CLIENT_ID, AIRBYTE_CLIENT_SECRET   of an application: in Airbyte under User settings > Applications
#   AIRBYTE_WORKSPACE  the id in the address of your workspace
#   ASHBY_API_KEY      the key for the new source
#   IMAGE, TAG         the image in a registry that Airbyte can pull from
set -euo pipefail
: "${AIRBYTE_API:?}" "${AIRBYTE_CLIENT_ID:?}" "${AIRBYTE_CLIENT_SECRET:?}" "${AIRBYTE_WORKSPACE:?}" "${ASHBY_API_KEY:?}" "${IMAGE:?}" "${TAG:?}"

post() { # PATH, body on standard input
  curl --silent --show-error --fail-with-body -X POST "$AIRBYTE_API$1" \
    -H 'Content-Type: application/json' -H 'Accept: application/json' ${token:+-H "Authorization: Bearer $token"} --data-binary @-
}

token=$(jq -n '{client_id: env.AIRBYTE_CLIENT_ID, client_secret: env.AIRBYTE_CLIENT_SECRET, "grant-type": "client_credentials"}' |
  post /applications/token | jq -r .access_token)

# The custom connector.
definition=$(jq -n '{name: "Ashby (source-ashby)", dockerRepository: env.IMAGE, dockerImageTag: env.TAG,
    documentationUrl: "https://github.com/source-ashby/source-ashby/blob/main/docs/ashby.md"}' |
  post "/workspaces/$AIRBYTE_WORKSPACE/definitions/sources" | jq -r .id)

# A source of it. Connect it to a destination in the UI, or with POST /connections.
source=$(jq -n --arg definition "$definition" '{name: "Ashby", workspaceId: env.AIRBYTE_WORKSPACE, definitionId: $definition,
    configuration: {api_key: env.ASHBY_API_KEY}}' |
  post /sources | jq -r .sourceId)

jq -n --arg definition "$definition" --arg source "$source" '{definitionId: $definition, sourceId: $source}'
