/** 32 writers in two processes; together at least 200,000 events. */
export const writersPerProcess = 16;
export const firstWriters = [0, writersPerProcess] as const;
export const writerCount = writersPerProcess * firstWriters.length;
export const logEventsPerWriter = 6_400;
/**
 * The naive log needs far fewer to be caught: hundreds of its writers' hesitations fall into the reader's
 * way.
 */
export const naiveEventsPerWriter = 300;
