/** Most files are judged within this; nobody stares at a terminal longer without a word. */
const usualWaitSeconds = 10;
/** Proxies in between commonly give up after a minute; half of it is safe. */
const longestWaitSeconds = 30;

/** `Prefer: wait=N` (RFC 7240); anything else in the header is not ours and is passed over. */
export function waitOf(prefer: string | undefined): number {
  const asked = /(?:^|[,;\s])wait\s*=\s*(\d{1,6})(?:$|[,;\s])/i.exec(prefer ?? '')?.[1];
  const seconds = asked === undefined ? usualWaitSeconds : Math.min(Number(asked), longestWaitSeconds);
  return seconds * 1_000;
}
