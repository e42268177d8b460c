import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

const declarations = new WeakMap<object, FastifyContextConfig>();

/** Decorators of one handler add to one object; the framework copies it when the route is registered. */
export const declareRoute = (part: FastifyContextConfig): MethodDecorator => (target, key, descriptor) => {
  const handler = descriptor.value as unknown as object;
  const config = Object.assign(declarations.get(handler) ?? {}, part);
  declarations.set(handler, config);
  RouteConfig(config)(target, key, descriptor);
};
