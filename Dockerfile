# syntax=docker/dockerfile:1

# Build: the same Swift and the same Debian as below, so that the binary finds its few libraries there.
FROM swift:6.3-bookworm AS build
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends libsqlite3-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /kiln
# Packages first: they change less often than the sources.
COPY Package.swift ./
RUN swift package resolve --scratch-path .build-release
COPY . .
RUN swift build -c release --static-swift-stdlib --scratch-path .build-release --product kiln \
    && install -D --strip .build-release/release/kiln /out/kiln

# Run: the binary, the tools it drives, and nothing that was needed to build it.
FROM debian:bookworm-slim
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends \
        assimp-utils bubblewrap ca-certificates libsqlite3-0 libstdc++6 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin kiln \
    && install --directory --owner=kiln --group=kiln --mode=700 /data
COPY --from=build /out/kiln /usr/local/bin/kiln
COPY --chmod=755 deploy/healthcheck /usr/local/bin/kiln-healthcheck
USER kiln
WORKDIR /data
ENV HOST=0.0.0.0 PORT=3001 DATA_DIR=/data ENVIRONMENT=production
VOLUME /data
EXPOSE 3001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 CMD ["kiln-healthcheck"]
ENTRYPOINT ["/usr/local/bin/kiln"]
CMD ["serve"]
