import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { docsPath, documentPath } from './openapi-paths.js';
import { problemSchema } from './problem-responses.js';

const description = `國庫電子化對帳服務。Every refusal is \`application/problem+json\` with a stable \`code\`.
Unsafe requests may carry an \`Idempotency-Key\`: the same key with the same content gives the same answer,
with other content 422. A command answers the \`position\` of what it wrote; \`?wait-for=<position>\` on a
GET waits for it.
Money is whole 元, dates are ISO; input also takes 民國 dates.`;

/** Made from the controllers' own schemas, the ones requests are validated with. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('國庫電子化對帳服務 / Treasury reconciliation')
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({
      type: 'http', scheme: 'bearer', description: 'API credential, or demo token (var/ready.json)',
    })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  const { $schema: _, ...problem } = z.toJSONSchema(problemSchema, { target: 'openapi-3.0' });
  const schemas = { ...document.components?.schemas, Problem: problem as object };
  return { ...document, paths: withKeys(document.paths), components: { ...document.components, schemas } };
}

const idempotencyKey = {
  name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 255 },
  description: 'to repeat the request safely; made and told when left out',
} as const;
const unsafeMethods = ['post', 'put', 'delete'] as const;

/** Every unsafe request takes one but a file that is its own key, so no controller has to say so. */
function withKeys(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  return Object.fromEntries(Object.entries(paths).map(([path, item]) => {
    const changed = { ...item };
    for (const method of unsafeMethods) {
      const operation = item[method];
      if (!operation || 'x-keyed-by-content' in operation) continue;
      changed[method] = { ...operation, parameters: [...operation.parameters ?? [], idempotencyKey] };
    }
    return [path, changed];
  }));
}

/** As committed and as served: the same text. */
export const documentText = (document: OpenAPIObject): string => `${JSON.stringify(document, null, 2)}\n`;

export function serveDocumentation(app: INestApplication, server: FastifyInstance): void {
  const document = openApiDocument(app);
  SwaggerModule.setup(docsPath, app, () => document, { raw: [], customSiteTitle: '國庫電子化對帳服務 API' });
  server.get(documentPath, { config: { access: 'anyone', neverRefused: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(documentText(document)));
  // Who opens the address that a start printed finds more than a refusal.
  server.get('/', { config: { access: 'anyone' } }, async (_request, reply) =>
    reply.redirect(docsPath));
}
