# An image with lastack: its compiled code, the packages that it needs at run time, and tools to look at sockets and interfaces.
#
#   docker build --target lastack -t lastack .
#   docker build --target peers -t lastack-peers .     the same with real servers: nginx, and Python with the server of its library
#
# BASE is a Debian with Node.js. `npm run test:compose` builds without a network, so its context contains dist/ and node_modules/
# already, and its base has the tools.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /build
COPY . .
RUN [ -d dist ] || { npm ci && npm prune --omit=dev --ignore-scripts; }
# koffi and esbuild install only the binaries for this machine. Type declarations and source maps are not needed at run time.
# servers/ and compose/nginx/ have configuration files and scripts that other programs read.
RUN mkdir -p /out/results /out/compose && cp -r package.json dist node_modules servers /out/ \
 && cp -r results/reference /out/results/ && cp -r compose/nginx /out/compose/ \
 && find /out -name '*.d.ts' -delete && find /out -name '*.map' -delete

FROM ${BASE} AS lastack
# lastack itself calls none of these. ip and ss are for users, as on the page of the labs. The NAT lab needs ip for a route and nft for
# its rules.
RUN command -v ip && command -v ss && command -v nft || \
    { apt-get update && apt-get install -y --no-install-recommends iproute2 nftables && rm -rf /var/lib/apt/lists/*; }
WORKDIR /lastack
COPY --from=build /out .
# The containers of a trial communicate over sockets in /run/lastack. Every user can make a socket there, and only its owner can remove
# it. The user lastack is for containers that need no more rights than an ordinary user.
RUN mkdir -m 1777 /run/lastack && ln -s /lastack/dist/harness/cli/main.js /usr/local/bin/lastack \
 && { id lastack || useradd --system --uid 10001 lastack; }
USER lastack
ENTRYPOINT ["lastack"]
CMD ["--help"]

FROM lastack AS peers
USER root
RUN command -v nginx && command -v python3 || \
    { apt-get update && apt-get install -y --no-install-recommends nginx-light python3 && rm -rf /var/lib/apt/lists/*; }
USER lastack
