/** Nearest-rank percentile of a list of numbers; `p` in 0..1. */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
}

export const median = (values) => percentile(values, 0.5);

/** Seconds that `work` took, and what it answered. */
export async function timed(work) {
  const from = process.hrtime.bigint();
  const result = await work();
  return { seconds: Number(process.hrtime.bigint() - from) / 1e9, result };
}

/** Peak resident memory of this process in MB, as the kernel saw it. */
export async function peakMemoryMb() {
  const { readFile } = await import('node:fs/promises');
  const line = /VmHWM:\s+(\d+) kB/.exec(await readFile('/proc/self/status', 'utf8'));
  return Number(line[1]) / 1024;
}

export function round(value, digits = 2) {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
