# From the repository's root:
#   docker build --build-arg VERSION=1.4.0 --build-arg REVISION="$(git rev-parse HEAD)" --tag web:1.4.0 .

# Both base images by digest. Renovate moves the digests, and opens a pull request when there is a newer Debian: the one in the
# name below has to be changed by hand then, because the tags of another name are never offered as an update.
FROM node:24-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66 AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# `dependencies` is what the bundle is made of and made with: 44 MB. Everything else in the lockfile, 660 MB of it, is
# for the rest of the repository.
RUN npm ci --omit=dev --ignore-scripts
COPY service service
# Empty for the version in package.json.
ARG VERSION
ARG REVISION=unknown
# What goes wrong with this image, to rehearse with; service/faults.ts lists it.
ARG FAULTS={}
# Node.js 24 runs TypeScript as it is.
RUN node service/build.ts ${VERSION:+--version "$VERSION"} --revision "$REVISION" --faults "$FAULTS" --out service.cjs

FROM gcr.io/distroless/nodejs24-debian13:nonroot@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e
ARG VERSION
ARG REVISION=unknown
ARG SOURCE=https://github.com/example/zerodrop
LABEL org.opencontainers.image.title="zerodrop" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /build/service.cjs service.cjs
# By number: Kubernetes can't tell from a name that it is not root.
USER 65532:65532
# Requests, and what only the cluster asks: probes and metrics.
EXPOSE 8080 9090
# Exec form, and Node.js itself as process 1: a shell or npm in front would swallow SIGTERM.
ENTRYPOINT ["/nodejs/bin/node", "service.cjs"]
