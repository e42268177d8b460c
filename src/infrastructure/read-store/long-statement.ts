/**
 * For node-postgres: indexing, vacuuming or comparing a large table takes longer than any query of a person
 * may.
 */
export const longStatement = { query_timeout: 24 * 3_600_000 };
