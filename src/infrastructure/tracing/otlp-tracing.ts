import type { Context, Span } from '@opentelemetry/api';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, defaultTextMapGetter, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider,
} from '@opentelemetry/sdk-trace';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ArrivedRequest, RequestSpan, SpanFacts, Tracing } from './tracing.js';

export interface OtlpOptions {
  /** Spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** Of the traces that begin here, from 0 to 1; for those of a caller its own choice holds. */
  readonly ratio: number;
  readonly roles: readonly string[];
}

/** A collector that does not answer costs a shutdown no more than this; what it has not taken is lost. */
const exportTimeoutMs = 2_000;

/** Spans by OTLP over HTTP. Errors give their name alone: messages quote what they choked on. */
export class OtlpTracing implements Tracing {
  private readonly provider: TracerProvider;
  private readonly current = new AsyncLocalStorage<Context>();
  private readonly propagator = new W3CTraceContextPropagator();

  constructor({ endpoint, serviceName, ratio, roles }: OtlpOptions) {
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, timeoutMillis: exportTimeoutMs });
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName, 'treasury.roles': roles.join(',') }),
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
      // Its queue is bounded: what a slow collector does not take in time is dropped.
      spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: exportTimeoutMs })],
    });
  }

  begin({ name, facts, headers }: ArrivedRequest): RequestSpan {
    const caller = this.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const { span, within } = this.start(name, caller, SpanKind.SERVER);
    span.setAttributes(facts);
    return {
      enter: (next) => this.current.run(within, next),
      end: (more, isFailed) => {
        span.setAttributes(more);
        if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  }

  async during<T>(name: string, work: () => Promise<T>, facts: (result: T) => SpanFacts): Promise<T> {
    const { span, within } = this.start(name, this.current.getStore() ?? ROOT_CONTEXT, SpanKind.INTERNAL);
    try {
      const result = await this.current.run(within, work);
      span.setAttributes(facts(result));
      return result;
    } catch (error) {
      span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  async close(): Promise<void> {
    await this.provider.shutdown().catch(() => undefined);
  }

  private start(name: string, parent: Context, kind: SpanKind): { span: Span; within: Context } {
    const span = this.provider.getTracer('treasury').startSpan(name, { kind }, parent);
    return { span, within: trace.setSpan(parent, span) };
  }
}
