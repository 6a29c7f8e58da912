# One image, many roles: SERVICES tells what a container runs.

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# The image has a Node of its own; the one from npm is for machines without.
RUN npm ci --omit=dev --no-audit --no-fund && rm -rf node_modules/node-* node_modules/.bin/node ~/.npm

FROM node:24.21.0-bookworm-slim AS product
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# The web client is built with development packages; what it is made of isn't needed afterwards.
RUN npm run build:web && rm -rf node_modules tsconfig.json scripts/web web/src web/*.ts

FROM debian:12.12-slim
# Only the program: no npm, nothing that could install more.
COPY --from=dependencies /usr/local/bin/node /usr/local/bin/node
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --no-create-home --shell /usr/sbin/nologin node \
  && mkdir -p /data/images && chown -R node:node /data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=product /app ./
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data LOG_FORMAT=json NODE_COMPILE_CACHE=/tmp/node-compile-cache
USER node
VOLUME /data
EXPOSE 3000 3030
# Ready, with what it needs. Every container runs a gateway, so there is always somebody to ask.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["bash", "scripts/ready.sh"]
# Node itself is the first process and handles the signals. A small young generation, as in `npm start`.
CMD ["node", "--max-semi-space-size=8", "main.ts"]
