/**
 * Who may call. `looker`: a page of an allowed site, or a program; there is nothing personal to see. `site`:
 * a page of an allowed site. `person`: a browser's window opened at the address, never a frame.
 * `consent-page`: the agent's own page.
 */
export type Audience = 'looker' | 'site' | 'person' | 'consent-page';

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly audience: Audience;
}

/** The closed list of what the service does. */
export const routes = {
  '/version': { method: 'GET', audience: 'looker' },
  '/status': { method: 'GET', audience: 'looker' },
  '/nhi-card': { method: 'POST', audience: 'site' },
  '/certificate-signature': { method: 'POST', audience: 'site' },
  '/consent': { method: 'GET', audience: 'person' },
  '/consent/pending': { method: 'POST', audience: 'consent-page' },
  '/consent/decision': { method: 'POST', audience: 'consent-page' },
} as const satisfies Record<string, Route>;

export type Path = keyof typeof routes;

/** By the whole target: no query, no escape, no other spelling of a path leads anywhere. */
export const isPath = (target: string | undefined): target is Path =>
  target !== undefined && Object.hasOwn(routes, target);
