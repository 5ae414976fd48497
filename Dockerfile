# lastack in an image: compiled code, what it needs at run time, and the tools to look around with.
#
#   docker build --target lastack -t lastack .
#   docker build --target peers -t lastack-peers .     the same with real servers to look at: nginx, and Python with its own
#
# BASE is a Debian with Node.js. `npm run test:compose` has no network in its build: it gives a context in which dist/ and
# node_modules/ are there already, and a base that has the tools.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /build
COPY . .
RUN [ -d dist ] || { npm ci && npm prune --omit=dev --ignore-scripts; }
# Of koffi's and esbuild's binaries only those of this machine are installed; sources and maps of packages are not run.
RUN mkdir /out && cp -r package.json dist node_modules /out/ && mkdir -p /out/results && cp -r results/reference /out/results/ \
 && find /out -name '*.d.ts' -delete && find /out -name '*.map' -delete

FROM ${BASE} AS lastack
# lastack itself calls none of these: ip and ss are for who looks around, as the labs' pages do, ip for a route of the lab of NAT too,
# and nft for its rules.
RUN command -v ip && command -v ss && command -v nft || \
    { apt-get update && apt-get install -y --no-install-recommends iproute2 nftables && rm -rf /var/lib/apt/lists/*; }
WORKDIR /lastack
COPY --from=build /out .
# Where the parts of a trial meet: everybody may make a socket there, and only who made it may take it away. And an ordinary
# user of lastack's own, for who needs no more.
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
