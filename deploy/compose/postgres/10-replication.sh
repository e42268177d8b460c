#!/bin/bash
# Run by the image once, when the primary's database is made: the way in for the replica, and nothing else.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --set password="$REPLICATION_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE replicator WITH REPLICATION LOGIN PASSWORD :'password';
-- What the replica has not read yet is kept for it, up to max_slot_wal_keep_size.
SELECT pg_create_physical_replication_slot('replica1');
SQL
echo "host replication replicator samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
