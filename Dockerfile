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
# All the tools make some 4 GB. Fewer of them: --build-arg TOOLS="assimp-utils openscad" --build-arg PYTHON_TOOLS=
ARG TOOLS="admesh assimp-utils blender draco freecad-python3 gltfpack libocct-draw-dev occt-draw openscad python3-numpy"
ARG PYTHON_TOOLS="bpy ezdxf f3d trimesh"
# What the Python tools and those with windows need of a desktop.
ARG TOOLS_NEED="fonts-dejavu-core libegl1 libgl1 libgl1-mesa-dri libice6 libsm6 libx11-6 libxext6 libxfixes3 libxi6 \
    libxkbcommon0 libxrender1 python3 python3-venv xauth xvfb"
COPY deploy/install-packages deploy/install-python-tools /opt/kiln/
RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends \
        bubblewrap ca-certificates libsqlite3-0 libstdc++6 zlib1g ${TOOLS} ${PYTHON_TOOLS:+${TOOLS_NEED}} \
    && /opt/kiln/install-python-tools ${PYTHON_TOOLS} \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 kiln \
    && useradd --uid 10001 --gid kiln --no-create-home --home-dir /data --shell /usr/sbin/nologin kiln \
    && install --directory --owner=kiln --group=kiln --mode=700 /data /backups
COPY --from=build /out/kiln /usr/local/bin/kiln
COPY --chmod=755 deploy/healthcheck /usr/local/bin/kiln-healthcheck
LABEL org.opencontainers.image.title="Kiln" \
    org.opencontainers.image.description="Conversion of 3D and CAD files, as a service" \
    org.opencontainers.image.documentation="docs/operations.md"
# By its number, which is how a cluster sees that it is not root.
USER 10001:10001
WORKDIR /data
ENV HOST=0.0.0.0 PORT=3001 DATA_DIR=/data ENVIRONMENT=production
VOLUME /data
EXPOSE 3001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["kiln-healthcheck"]
ENTRYPOINT ["/usr/local/bin/kiln"]
CMD ["serve"]
