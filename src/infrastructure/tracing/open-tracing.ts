import type { Config } from '../config.js';
import type { Tracing } from './tracing.js';
import { noTracing } from './tracing.js';

type TracingSettings = Pick<Config,
  'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_SERVICE_NAME' | 'OTEL_TRACES_SAMPLER_ARG' | 'ROLES'>;

/** The packages are loaded only where somebody collects: nobody else pays for them at the start. */
export async function openTracing(config: TracingSettings): Promise<Tracing> {
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return noTracing;
  const { OtlpTracing } = await import('./otlp-tracing.js');
  const { OTEL_SERVICE_NAME: serviceName, OTEL_TRACES_SAMPLER_ARG: ratio, ROLES: roles } = config;
  return new OtlpTracing({ endpoint, serviceName, ratio, roles });
}
