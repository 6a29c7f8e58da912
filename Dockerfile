# One image, many roles: SERVICES tells what a container runs.

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The image has a Node of its own; the one from npm is for machines without.
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/node-* node_modules/.bin/node ~/.npm

FROM node:24.21.0-bookworm-slim AS web
WORKDIR /app
COPY . .
# With the development packages; its `prepare` builds the client into web/dist.
RUN npm ci --no-audit --no-fund

FROM debian:12.12-slim
# Only the program: no npm, nothing that could install more.
COPY --from=dependencies /usr/local/bin/node /usr/local/bin/node
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --no-create-home --shell /usr/sbin/nologin node \
  && mkdir -p /data/images && chown -R node:node /data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
COPY --from=web /app/web/dist ./web/dist
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data LOG_FORMAT=json NODE_COMPILE_CACHE=/tmp/node-compile-cache
USER node
VOLUME /data
EXPOSE 3000 3030
# Ready, with what it needs. Every container runs a gateway, so there is always somebody to ask.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "scripts/ready.ts"]
# Node itself is the first process and handles the signals. A small young generation: see README, "Memory".
CMD ["node", "--max-semi-space-size=8", "main.ts"]
