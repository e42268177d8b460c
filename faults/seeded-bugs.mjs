// Bugs that the harness must catch, or it proves nothing. Each is a small change to a copy of the sources;
// `caughtBy` is the finding that is about this bug and no other.
export const seededBugs = {
  'answer-before-commit': {
    edits: {
      'infrastructure/event-store/postgres/writer.ts': [
        [
          `const results = await this.writing.store(client, group);
      for (const [index, append] of group.entries()) append.settle(results[index] ?? unknown('no verdict'));`,
          `await client.query('BEGIN');
      const results = await this.writing.store(client, group);
      for (const [index, append] of group.entries()) append.settle(results[index] ?? unknown('no verdict'));
      await nextTurn();
      await client.query('COMMIT');`,
        ],
      ],
    },
    kills: ['postgres'],
    caughtBy: ({ lost }) => lost > 0,
  },
  'checkpoint-outside-the-transaction': {
    edits: {
      'infrastructure/read-store/apply-batch.ts': [
        [
          'return inTransaction(client, async () => {',
          'return (async (): Promise<boolean> => {',
        ],
        [
          `    return isOurs;
  });`,
          `    return isOurs;
  })();`,
        ],
      ],
    },
    kills: ['projector'],
    // Between its two halves there is a millisecond: a dozen kills missed it once, thirty hit it.
    times: 3,
    caughtBy: ({ differing_rows }) => differing_rows > 0,
  },
  'no-idempotency-key': {
    edits: {
      'infrastructure/http/command-requests.ts': [
        [`const key = request.headers['idempotency-key'] ?? randomUUID();`, 'const key = randomUUID();'],
      ],
    },
    kills: ['api', 'postgres'],
    caughtBy: ({ duplicated }) => duplicated > 0,
  },
  'no-error-listener': {
    edits: {
      'infrastructure/postgres/pool.ts': [
        [`pool.on('connect', (client) => client.on('error', () => undefined));`, ''],
        [`client.on('error', options.onIdleError ?? (() => undefined));`, ''],
      ],
    },
    kills: ['postgres'],
    caughtBy: ({ unexpected_exits }) => unexpected_exits > 0,
  },
};
