/** To the person at the terminal; what programs read is the log. */
export const say = (line: string): void => { process.stdout.write(`▸ ${line}\n`); };
