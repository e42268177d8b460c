import type { FastifyInstance } from 'fastify';

export interface KnownRoute {
  readonly method: string;
  readonly url: string;
  /** Card or certificate must have been shown a moment ago. */
  readonly isSensitive: boolean;
}

/** Every route of the server, as registered: for "405, not 404", and for the tests that walk them all. */
export class KnownRoutes {
  private readonly routes: KnownRoute[] = [];
  private readonly patterns = new Map<string, RegExp>();

  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ method, url, config }) => {
      const isSensitive = config?.sensitive === true;
      for (const one of [method].flat()) this.routes.push({ method: one, url, isSensitive });
      this.patterns.set(url, patternOf(url));
    });
  }

  all(): readonly KnownRoute[] {
    return this.routes;
  }

  /** In alphabetical order. */
  sensitive(): readonly string[] {
    return this.routes.filter(({ isSensitive }) => isSensitive)
      .map(({ method, url }) => `${method} ${url}`).sort();
  }

  methodsOf(path: string): readonly string[] {
    const matching = this.routes.filter(({ url }) => this.patterns.get(url)?.test(path));
    return [...new Set(matching.map(({ method }) => method))];
  }
}

const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.split('/').map((part) => part.startsWith(':') ? '[^/]+' : escaped(part)).join('/')}$`);

const escaped = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
