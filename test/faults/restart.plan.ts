export const writerCount = 8;
export const eventsPerWriter = 800;

/**
 * How the process under test behaves. `sound` is the store as it is; the others are bugs that the very same
 * run must notice.
 */
export type Behaviour = 'sound' | 'starts-over' | 'no-error-listener';
