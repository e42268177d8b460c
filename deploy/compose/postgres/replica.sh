#!/bin/bash
# The replica: copies the primary at its first start, follows it from then on. The copy is made beside and moved
# into place, so that an interrupted one is never taken for a database.
set -euo pipefail

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  draft="$PGDATA.new"
  rm -rf "$draft"
  mkdir -p "$(dirname "$PGDATA")"
  chown postgres: "$(dirname "$PGDATA")"
  gosu postgres pg_basebackup --pgdata="$draft" --wal-method=stream --checkpoint=fast --slot=replica1 \
    --write-recovery-conf \
    --dbname="host=postgres user=replicator password=$REPLICATION_PASSWORD application_name=replica1"
  rmdir "$PGDATA" 2>/dev/null || true
  mv "$draft" "$PGDATA"
fi
exec docker-entrypoint.sh postgres -c config_file=/etc/postgresql/postgresql.conf
