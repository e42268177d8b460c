import type { Response } from 'light-my-request';
import type { Service } from '../../http/support/service.js';
import type { Signing, TestCard } from './virtual-card.js';
import { TestAgent, cardPayload } from './virtual-card.js';

export const origin = 'https://nss.example';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A browser on somebody's machine: it keeps its cookie, and has a card agent beside it. */
export class Browser {
  cookie: string | null = null;
  readonly visited: string[] = [];

  constructor(
    private readonly service: Service, readonly agent: TestAgent = new TestAgent(),
    private readonly page: string = origin,
  ) {}

  async send(method: Method, path: string, body?: object, headers: object = {}): Promise<Response> {
    this.visited.push(path);
    const response = await this.service.send({
      method, url: `/api/v1/${path}`,
      headers: {
        ...(method === 'GET' ? {} : { origin: this.page, 'x-treasury-request': '1' }),
        ...(this.cookie === null ? {} : { cookie: this.cookie }), ...headers,
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const given = [response.headers['set-cookie'] ?? []].flat()[0];
    if (given !== undefined) this.cookie = given.split(';')[0] ?? null;
    return response;
  }

  get(path: string): Promise<Response> {
    return this.send('GET', path);
  }

  /** A challenge, the card read for it, and the page sends what the agent signed. */
  async show(
    card: TestCard, path: string, body: object = {}, signing: Partial<Signing> = {},
  ): Promise<Response> {
    return this.send('POST', path, { card: await this.read(card, signing), ...body });
  }

  async read(card: TestCard, signing: Partial<Signing> = {}, purpose = 'sign-in') {
    const { nonce } = (await this.send('POST', `challenges?purpose=${purpose}`)).json<{ nonce: string }>();
    return this.agent.attest({ origin, nonce, payload: cardPayload(card), ...signing });
  }

  signIn(card: TestCard, password: string): Promise<Response> {
    return this.show(card, 'sign-ins', { password });
  }
}

export const told = (response: Response): [number, string | undefined] =>
  [response.statusCode, response.json<{ code?: string }>().code];
