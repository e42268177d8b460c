import type { ServerResponse } from 'node:http';
import { agentErrors, describeError } from '../agent-error.js';
import type { Route } from './routes.js';

// A day would outlive a change of the list of allowed sites; ten minutes spare the second preflight.
const preflightSeconds = 600;

/** No cache keeps what was read, and no other site may embed it, whatever it is. */
const always = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  Vary: 'Origin',
};

/** Exactly the site that asked, when it is allowed; no credentials, for there are none. */
const shared = (origin: string | null): Record<string, string> =>
  origin === null ? {} : { 'Access-Control-Allow-Origin': origin };

export function sendJson(response: ServerResponse, status: number, content: unknown, origin: string | null) {
  const headers = { ...always, ...shared(origin), 'Content-Type': 'application/json; charset=utf-8' };
  response.writeHead(status, headers).end(JSON.stringify(content));
}

export function sendError(response: ServerResponse, error: unknown, origin: string | null): void {
  const description = describeError(error);
  // What is left of a refused body is not read: the connection ends with the answer.
  response.setHeader('Connection', 'close');
  sendJson(response, agentErrors[description.code].status, { error: description }, origin);
}

export function sendPreflight(response: ServerResponse, { method }: Route, origin: string): void {
  response.writeHead(204, {
    ...always,
    ...shared(origin),
    'Access-Control-Allow-Methods': method,
    'Access-Control-Allow-Headers': 'content-type',
    'Access-Control-Max-Age': String(preflightSeconds),
    Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  }).end();
}

/**
 * The consent page: in no frame, so that nothing can be laid over its button; with no way to any other host;
 * cut off from the window that opened it.
 */
export function sendPage(response: ServerResponse, html: string, nonce: string): void {
  const policy = [
    "default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src 'nonce-${nonce}'`, "connect-src 'self'",
    "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'",
  ];
  response.writeHead(200, {
    ...always,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
  }).end(html);
}

