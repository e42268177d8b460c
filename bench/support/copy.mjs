// Bare COPY, the physical limit that bulk writing is measured against: rows ready on disk, one
// statement, durable.
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { timed } from './stats.mjs';

async function connected(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Writes what `select` finds to a file, as binary COPY has it. */
export const copyOut = (url, select, file) => connected(url, (client) =>
  pipeline(client.query(copyTo(`COPY (${select}) TO STDOUT (FORMAT binary)`)), createWriteStream(file)));

/** Seconds that one COPY of the file's rows into the table takes. */
export const copyIn = (url, target, file) => connected(url, async (client) => {
  const { seconds } = await timed(() => pipeline(
    createReadStream(file, { highWaterMark: 1 << 20 }),
    client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT binary)`)),
  ));
  return seconds;
});

export const sql = (url, text) => connected(url, async (client) => (await client.query(text)).rows);
