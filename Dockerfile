# Giropops Senhas on Chainguard's Python: no shell, no package manager; only /data is writable.
# docs/image.md says what is in it, what it weighs, and how to pin the bases by digest.
ARG BUILDER_IMAGE=cgr.dev/chainguard/python:latest-dev
ARG RUNTIME_IMAGE=cgr.dev/chainguard/python:latest

# --- The packages, as pip installs them --------------------------------------------------------------
FROM ${BUILDER_IMAGE} AS packages
# hadolint ignore=DL3002  # it writes files that root owns; the last stage has its own user
USER 0:0
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PYTHONDONTWRITEBYTECODE=1
# true also installs the PostgreSQL driver.
ARG POSTGRES=false
# true also installs what the format htpasswd needs.
ARG BCRYPT=false
COPY requirements.txt requirements-postgres.txt requirements-bcrypt.txt requirements-build.txt ./
# The environment has no pip: --python installs into it from outside. The secret is for a pip.conf of
# your own: docker build --secret id=pip,src=$HOME/.config/pip/pip.conf …
# hadolint ignore=DL3013  # every version is locked, with its hash
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=pip,target=/etc/pip.conf \
    python -m venv --without-pip /opt/venv && \
    set -- -r requirements.txt && \
    if [ "$POSTGRES" = true ]; then set -- "$@" -r requirements-postgres.txt; fi && \
    if [ "$BCRYPT" = true ]; then set -- "$@" -r requirements-bcrypt.txt; fi && \
    pip --python /opt/venv/bin/python install \
        --no-compile --only-binary :all: --require-hashes "$@" && \
    pip install --no-compile --only-binary :all: --require-hashes \
        --target /opt/build-tools --requirement requirements-build.txt

# --- The app: translations and bytecode compiled, static files collected, hashed and compressed ------
FROM packages AS application
WORKDIR /app
COPY . .
RUN export PYTHONPATH=/opt/build-tools DOTENV= && \
    /opt/venv/bin/python tools/compile_messages.py && \
    /opt/venv/bin/python manage.py collectstatic --no-input && \
    /opt/venv/bin/python tools/slim_static.py var/static && \
    /opt/venv/bin/python -X no_debug_ranges tools/slim_venv.py \
        --languages pt-br,en,es . && \
    rm -r tools passwords/static requirements*.txt && \
    # The database with its -wal and -shm files is in the volume, and so are keys that the app made.
    ln -s /data/giropops.sqlite3 var/giropops.sqlite3 && \
    ln -s /data/keys.env var/keys.env && \
    # In a folder of its own: COPY keeps the modes only of what is inside the folder that it names.
    mkdir /volumes && mkdir --mode=1777 /volumes/data

# --- The packages again, without what the running app does not use -----------------------------------
FROM packages AS slim
COPY tools/slim_venv.py ./
RUN for folder in /opt/venv/lib/python*/site-packages; do \
        python -X no_debug_ranges slim_venv.py --languages pt-br,en,es "$folder" || exit; \
    done && \
    find /opt/venv/bin ! -type d ! -name 'python*' -delete && \
    # `docker exec NAME giropops generate` works in any folder.
    echo /app >"$(echo /opt/venv/lib/python*/site-packages)/giropops.pth" && \
    printf '#!/opt/venv/bin/python\nfrom giropops.__main__ import main\nmain()\n' \
        >/opt/venv/bin/giropops && \
    chmod 755 /opt/venv/bin/giropops

# --- What runs ---------------------------------------------------------------------------------------
FROM ${RUNTIME_IMAGE} AS runtime
# Root owns the code, so the app cannot change it. Any uid can run the app, also a random one with
# group 0 as on OpenShift: in /data each can remove only its own files, as in /tmp.
COPY --from=slim --chown=0:0 /opt/venv /opt/venv
COPY --from=application --chown=0:0 /app /app
COPY --from=application --chown=65532:0 /volumes /
WORKDIR /app
ENV PATH=/opt/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/bin:/usr/sbin:/sbin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    DOTENV="" \
    HOST=0.0.0.0 \
    PORT=5000
USER 65532:65532
VOLUME /data
EXPOSE 5000
# Fails if the packages were compiled for another version of Python.
RUN ["/opt/venv/bin/python", "-c", "import django, nacl.bindings, hiredis, gunicorn, giropops.server.health_check"]
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 \
    CMD ["/opt/venv/bin/python", "-m", "giropops.server.health_check"]
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Giropops Senhas" \
      org.opencontainers.image.description="Self-hosted generator of passwords, passphrases, PINs and tokens" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENTRYPOINT ["/opt/venv/bin/python", "-m", "giropops"]
CMD ["serve"]
