# Jarshy for several machines: see docs/scale.md. Everything that is installed is pinned by hash.
FROM python:3.11.13-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /opt/jarshy
COPY requirements-build.lock requirements.lock requirements-opensearch.lock requirements-postgres.lock ./
RUN python -m venv .venv \
    && .venv/bin/pip install --require-hashes -r requirements-build.lock \
    && .venv/bin/pip install --require-hashes --only-binary :all: --no-binary langdetect \
        --no-build-isolation -r requirements.lock \
    && .venv/bin/pip install --require-hashes --only-binary :all: --no-deps \
        -r requirements-opensearch.lock -r requirements-postgres.lock
COPY pyproject.toml README.md LICENSE LICENSE-DATA jarshy.py ./
COPY commands commands
COPY crawler crawler
COPY indexer indexer
COPY searchui searchui
COPY demoweb demoweb
COPY config config
RUN .venv/bin/pip install --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q commands crawler indexer searchui demoweb jarshy.py

FROM python:3.11.13-slim-bookworm

# A user without a password, a shell or anything of his own but what is kept.
RUN groupadd --gid 10001 jarshy \
    && useradd --uid 10001 --gid jarshy --no-create-home --home-dir /var/lib/jarshy \
        --shell /usr/sbin/nologin jarshy \
    && install -d -o jarshy -g jarshy -m 0700 /var/lib/jarshy /var/lib/jarshy-warc
COPY --from=build /opt/jarshy /opt/jarshy
ENV PATH=/opt/jarshy/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    JARSHY_DATA=/var/lib/jarshy \
    JARSHY_CONFIG=/opt/jarshy/config
USER 10001:10001
WORKDIR /var/lib/jarshy
VOLUME ["/var/lib/jarshy", "/var/lib/jarshy-warc"]
EXPOSE 8000
ENTRYPOINT ["jarshy"]
CMD ["serve", "--host", "0.0.0.0"]
