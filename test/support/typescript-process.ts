import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const loader = new URL('./typescript-loader.mjs', import.meta.url).href;

/**
 * Runs a TypeScript file as an operating system process of its own, until it ends well or fails with its
 * output.
 */
export function runTypeScript(script: URL, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', loader, fileURLToPath(script), ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${script.pathname} ended with ${code ?? signal}: ${errors}`));
    });
  });
}
