import { createInterface } from 'node:readline/promises';
import { describeError } from '../agent-error.js';

export interface Terminal {
  readonly json: boolean;
  out(text: string): void;
  note(text: string): void;
}

export function openTerminal(json: boolean): Terminal {
  return {
    json,
    out: (text) => {
      process.stdout.write(`${text}\n`);
    },
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
  };
}

/** What a command found: for a program as JSON, for a person as lines. */
export function print(terminal: Terminal, content: object, lines: readonly string[]): void {
  terminal.out(terminal.json ? JSON.stringify(content) : lines.join('\n'));
}

export function printError(terminal: Terminal, error: unknown): void {
  const { code, retriable, message } = describeError(error);
  if (terminal.json) terminal.out(JSON.stringify({ error: { code, retriable, message } }));
  else terminal.note(`${message['zh-TW']}。 ${message.en}. (${code})`);
}

/** The person's word at the terminal; without one there is nobody to ask, and the answer is no. */
export async function asksYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|是|好)$/i.test((await prompt.question(`${question} [y/N] `)).trim());
  } finally {
    prompt.close();
  }
}
