/** Longest a check may take: whoever asks for readiness asks again every few seconds. */
const longestCheckMs = 1_500;

/** What is missing, as a short stable word with the name of the part behind it; null when nothing is. */
export type Check = () => Promise<string | null> | string | null;

/** Whether this process can do its work now, and if not, what it waits for. */
export interface Readiness {
  waitingFor(): Promise<readonly string[]>;
}

/** Ready when no check misses anything. One that fails or takes too long counts as missing. */
export class ChecksReadiness implements Readiness {
  private readonly checks: { readonly name: string; readonly check: Check }[] = [];

  add(name: string, check: Check): void {
    this.checks.push({ name, check });
  }

  async waitingFor(): Promise<readonly string[]> {
    const missing = await Promise.all(this.checks.map(({ name, check }) => outcomeOf(name, check)));
    return missing.filter((one) => one !== null);
  }
}

function outcomeOf(name: string, check: Check): Promise<string | null> {
  return new Promise((resolve) => {
    const tooLong = setTimeout(() => resolve(name), longestCheckMs);
    const settle = (missing: string | null): void => {
      clearTimeout(tooLong);
      resolve(missing);
    };
    new Promise<string | null>((answer) => answer(check())).then(settle, () => settle(name));
  });
}
