FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# With the program come the two libraries that are not bundled, and a list of what is in it.
RUN node scripts/build.mjs && node scripts/externals.mjs dist/node_modules \
  && npm sbom --omit dev --sbom-format cyclonedx > dist/sbom.cdx.json
# Readable by any user, whatever the modes in the checkout.
RUN mkdir /airbyte \
  && cp -R package.json LICENSE bin spec schemas dist /airbyte \
  && chmod -R u=rwX,go=rX /airbyte \
  && chmod 0755 /airbyte/bin/container-entrypoint /airbyte/bin/source-ashby

FROM node:24-bookworm-slim
# Airbyte runs connectors as user 1000; in the base image that is `node`.
RUN usermod --login airbyte --home /airbyte node && groupmod --new-name airbyte node
# The bundle in dist holds the production dependencies, all but SQLite, whose binary lies beside it in dist/node_modules.
COPY --from=build --chown=1000:1000 /airbyte /airbyte
WORKDIR /airbyte
USER airbyte

LABEL io.airbyte.name=source-ashby/source-ashby \
  io.airbyte.version=0.1.0 \
  org.opencontainers.image.licenses=MIT

# The platform starts the connector by this variable, from a directory of its own.
ENV AIRBYTE_ENTRYPOINT=/airbyte/bin/container-entrypoint
ENTRYPOINT ["/airbyte/bin/container-entrypoint"]
