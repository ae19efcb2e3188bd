# Not built by our CI (no container engine there): the commands are those of docs/operations.md, tried on Debian 12.
FROM python:3.11-slim-bookworm
RUN python -m pip install --no-cache-dir uv && useradd --system --create-home --uid 10001 phatngon \
    && install -d -o phatngon -m 0700 /var/lib/phatngon
WORKDIR /opt/phatngon
COPY pyproject.toml uv.lock README.md LICENSE ./
ENV UV_COMPILE_BYTECODE=1
RUN uv sync --frozen --no-dev --no-install-project
COPY bot bot
COPY handlers handlers
COPY models models
COPY content content
RUN uv sync --frozen --no-dev && .venv/bin/python -m compileall -q bot handlers models
USER phatngon
ENV PHATNGON_HOME=/var/lib/phatngon PHATNGON_LISTEN=0.0.0.0:8080 PYTHONUTF8=1
VOLUME /var/lib/phatngon
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
CMD ["/opt/phatngon/.venv/bin/phatngon", "run"]
