# The same app on the same base, with nothing removed: docs/image.md compares the image with this.
ARG BUILDER_IMAGE=cgr.dev/chainguard/python:latest-dev
ARG RUNTIME_IMAGE=cgr.dev/chainguard/python:latest

FROM ${BUILDER_IMAGE} AS builder
# hadolint ignore=DL3002  # a stage that only writes files
USER 0:0
ARG POSTGRES=false
WORKDIR /app
COPY . .
# hadolint ignore=DL3013  # every version is locked, with its hash
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=pip,target=/etc/pip.conf \
    python -m venv /opt/venv && \
    set -- -r requirements.txt -r requirements-build.txt && \
    if [ "$POSTGRES" = true ]; then set -- "$@" -r requirements-postgres.txt; fi && \
    /opt/venv/bin/pip install --require-hashes "$@" && \
    /opt/venv/bin/python tools/compile_messages.py && \
    /opt/venv/bin/python manage.py collectstatic --no-input && \
    /opt/venv/bin/python -m compileall -q . && \
    ln -s /data/giropops.sqlite3 var/giropops.sqlite3 && mkdir /data

FROM ${RUNTIME_IMAGE}
COPY --from=builder --chown=0:0 /opt/venv /opt/venv
COPY --from=builder --chown=0:0 /app /app
COPY --from=builder --chown=65532:65532 /data /data
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1 DOTENV="" HOST=0.0.0.0 PORT=5000
USER 65532:65532
VOLUME /data
EXPOSE 5000
ENTRYPOINT ["/opt/venv/bin/python", "-m", "giropops"]
CMD ["serve"]
