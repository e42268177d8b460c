// A host name has at most 253 characters; with scheme and port, more than this is no origin.
const maxLength = 255;

/**
 * An origin as a browser writes it: scheme, host, port, nothing after. https only; http is for the machine
 * itself, where development and the demo run.
 */
export function isOrigin(text: string): boolean {
  if (text.length > maxLength || !/^https?:\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?$/.test(text)) return false;
  try {
    const { origin, protocol, hostname } = new URL(text);
    return origin === text && (protocol === 'https:' || isThisMachine(hostname));
  } catch {
    return false;
  }
}

export const isOriginOfThisMachine = (origin: string): boolean => isThisMachine(new URL(origin).hostname);

const isThisMachine = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
