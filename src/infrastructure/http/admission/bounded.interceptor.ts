import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { from, lastValueFrom } from 'rxjs';
import { bounded } from './admission.js';

/** Every controller's work ends for its caller at the request's deadline, or when the database is lost. */
export class BoundedInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.admitted === null) return next.handle();
    return from(bounded(request, lastValueFrom(next.handle(), { defaultValue: undefined })));
  }
}
