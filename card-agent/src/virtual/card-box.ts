import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import type { VirtualCardContent } from './card-content.js';
import type { CardRequest, Mishap } from './card-process.js';

type Told = CardRequest extends infer R ? R extends { id: number } ? Omit<R, 'id'> : never : never;

/** The hand that puts cards in and takes them out; the cards live in a process of their own. */
export class CardBox {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (error?: string) => void>();
  private nextId = 1;

  constructor(file: string) {
    this.child = fork(file, [], { execArgv: [] });
    this.child.on('message', ({ id, error }: { id: number; error?: string }) =>
      this.waiting.get(id)?.(error));
    this.child.on('exit', () => {
      for (const done of this.waiting.values()) done('the cards\' process has ended');
    });
  }

  insert(port: number, content: VirtualCardContent, mishap?: Mishap): Promise<void> {
    return this.tell({ do: 'insert', port, content, ...(mishap ? { mishap } : {}) });
  }

  remove(port: number): Promise<void> {
    return this.tell({ do: 'remove', port });
  }

  close(): void {
    this.child.disconnect();
  }

  private tell(request: Told): Promise<void> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (error) => {
        this.waiting.delete(id);
        if (error === undefined) resolve();
        else reject(new Error(error));
      });
      this.child.send({ ...request, id } as CardRequest);
    });
  }
}
