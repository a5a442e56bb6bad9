# syntax=docker/dockerfile:1
# The portal as a container: no root, nothing to write but the cache, pages rendered ahead. docs/operating.md says how it
# is run, and what was tried. BASE: any Debian with Python 3.11 or newer; pin it by digest where you build.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE} AS libraries
WORKDIR /opt/portal
RUN apt-get update -qq && apt-get install -qq --yes --no-install-recommends binutils > /dev/null  # strip, for trim-libraries
COPY requirements.lock deploy/trim-libraries ./
RUN python3 -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir --no-compile --require-hashes -r requirements.lock \
 && sh trim-libraries .venv

FROM ${BASE}
RUN useradd --system --uid 10001 --home-dir /opt/portal --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal /var/cache/portal
WORKDIR /opt/portal
COPY --from=libraries /opt/portal/.venv .venv
COPY . .
ENV PATH=/opt/portal/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    PORTAL_HOST=0.0.0.0 PORTAL_PORT=8501 PORTAL_CACHE=/var/cache/portal PORTAL_LOG=json
RUN python -m compileall -q portal pages streamlit_app.py
USER portal
# The live release is rendered in the image: a new volume at /var/cache/portal begins with a copy of it, and is ready in seconds.
# Older releases (40 MB each) are rendered when it runs. The drawings it was made from are in its pages too: they need not be there twice.
RUN python -m portal build --release "$(cat data/releases/current)" && rm -rf "$PORTAL_CACHE"/charts-*
VOLUME /var/cache/portal
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/readyz', timeout=4)"]
CMD ["python", "-m", "portal", "serve"]
