import type { EventLog } from '../../../src/application/event-log.js';
import type { EventStore, RecordedEvent } from '../../../src/infrastructure/event-store/event-store.js';

interface Gate {
  readonly log: EventLog;
  close(): void;
  open(): void;
  isHolding(): boolean;
}

/** A log whose subscriber, once the gate is closed, waits right before it is told that it has caught up. */
export function gated(log: EventLog): Gate {
  let opened = Promise.resolve();
  let open: () => void = () => undefined;
  let closed = false;
  let holding = false;
  const subscribe: EventLog['subscribe'] = async function* (after, options) {
    for await (const item of log.subscribe(after, options)) {
      if (closed && 'caughtUp' in item) {
        holding = true;
        await opened;
      }
      yield item;
    }
  };
  return {
    log: replacing(log, { subscribe }),
    close: () => {
      closed = true;
      opened = new Promise((resolve) => { open = resolve; });
    },
    open: () => { closed = false; open(); },
    isHolding: () => holding,
  };
}

type Readable = Partial<Pick<RecordedEvent, 'type' | 'payload'>>;

/** The store as code of tomorrow reads it, which knows what today's could not: `unreadable` says which. */
export function healing(store: EventStore, unreadable: Readable, readable: Readable): EventStore {
  const isIll = (item: Readable): boolean =>
    Object.entries(unreadable).every(([field, value]) => item[field as keyof Readable] === value);
  async function* healed<Item extends object>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    for await (const item of items) yield isIll(item) ? { ...item, ...readable } : item;
  }
  return replacing(store, { subscribe: (after, options) => healed(store.subscribe(after, options)) });
}

/** The port with some of its methods replaced. */
export const replacing = <Port extends object>(port: Port, parts: Partial<Port>): Port => new Proxy(port, {
  get: (target, name) => {
    if (name in parts) return Reflect.get(parts, name) as unknown;
    return (Reflect.get(target, name) as () => unknown).bind(target);
  },
});
