const zero = 48;

/** Children by digit; a value where a code ends. */
interface Node<Value> { readonly value?: Value; readonly children: readonly (Node<Value> | undefined)[] }

/**
 * A map from codes of digits to values that is never changed: `with` gives a new tree that shares the old one
 * but for the few nodes along the code. Folding the 5,300 facts of a first import so costs eight small copies
 * a fact, where copying a `Map` each time would take seconds. And its order is the order of codes, in which
 * the directory is printed and compared.
 */
export class CodeTree<Value> {
  private constructor(private readonly root: Node<Value>) {}

  static empty<Value>(): CodeTree<Value> {
    return new CodeTree<Value>({ children: [] });
  }

  get(code: string): Value | undefined {
    let node: Node<Value> | undefined = this.root;
    for (let depth = 0; node && depth < code.length; depth++) node = node.children[digitAt(code, depth)];
    return node?.value;
  }

  with(code: string, value: Value): CodeTree<Value> {
    return new CodeTree(withValue(this.root, code, 0, value));
  }

  entries(): readonly (readonly [code: string, value: Value])[] {
    const found: [string, Value][] = [];
    collect(this.root, '', found);
    return found;
  }
}

const digitAt = (code: string, depth: number): number => code.charCodeAt(depth) - zero;

type Branch<Value> = Node<Value> | undefined;

function withValue<Value>(node: Branch<Value>, code: string, depth: number, value: Value): Node<Value> {
  const children = node ? node.children.slice() : [];
  if (depth === code.length) return { value, children };
  const digit = digitAt(code, depth);
  children[digit] = withValue(children[digit], code, depth + 1, value);
  return node?.value === undefined ? { children } : { value: node.value, children };
}

function collect<Value>(node: Node<Value>, code: string, found: [string, Value][]): void {
  if (node.value !== undefined) found.push([code, node.value]);
  node.children.forEach((child, digit) => child && collect(child, code + digit, found));
}
