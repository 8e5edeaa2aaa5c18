# The server and the sidebar it serves. The sandbox, tests and build tools stay in the first stages.
FROM node:20-bookworm-slim AS base
WORKDIR /app
RUN npm install --global pnpm@10.34.9
# Dependencies change more rarely than sources.
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY shared/package.json shared/
COPY server/package.json server/

FROM base AS build
COPY h5-sidebar/package.json h5-sidebar/
RUN pnpm install --frozen-lockfile --filter qihui --filter @qihui/server... --filter @qihui/h5-sidebar...
COPY tsconfig.base.json ./
COPY tools tools
COPY shared shared
COPY server server
COPY h5-sidebar h5-sidebar
RUN node tools/build.mjs --force server h5-sidebar

# What the server needs to run, from the same lockfile.
FROM base AS packages
RUN pnpm install --prod --frozen-lockfile --filter @qihui/server

FROM node:20-bookworm-slim
WORKDIR /app/server
# Two arenas: with more, glibc keeps what each thread of V8 has freed, see docs/operations.md.
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
COPY --from=packages /app/node_modules ../node_modules
COPY --from=packages /app/server/node_modules node_modules
COPY --from=build /app/server/package.json package.json
COPY --from=build /app/server/assets assets
COPY --from=build /app/server/migrations migrations
COPY --from=build /app/server/dist dist
COPY --from=build /app/h5-sidebar/dist ../h5-sidebar/dist
RUN mkdir -p /var/lib/qihui/erasures && chown node:node /var/lib/qihui/erasures
USER node
EXPOSE 8080
CMD ["node", "--enable-source-maps", "dist/main.js"]
