/** What an expression can be evaluated to. */
type Value = unknown;

type Scope = Readonly<Record<string, Value>>;

/** One alternative of a token after another: strings, numbers, names, then operators, the longest first. */
const tokens = /\s*('(?:[^'\\]|\\.)*'|\d+|[A-Za-z_]\w*|\?\.|==|!=|>=|<=|&&|[<>!?:,.()[\]{}#])/y;

/** The comparisons of expr-lang.org's language definition, all of one precedence. */
const comparisons: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  '==': (a, b) => (a ?? null) === (b ?? null),
  '!=': (a, b) => (a ?? null) !== (b ?? null),
  '<': (a, b) => Number(a) < Number(b),
  '>=': (a, b) => Number(a) >= Number(b),
  in: (a, b) => Array.isArray(b) && b.includes(a),
  // Nothing matches nil (expr v1.17, vm.go, OpMatches).
  matches: (a, b) => typeof a === 'string' && new RegExp(String(b)).test(a),
};

/**
 * Evaluates an expression of Argo CD's triggers: the part of expr (expr-lang.org) that they are written in, and an error for everything
 * else. `.ci/lab-notifications` holds it against the language itself.
 */
export function evaluate(text: string, scope: Scope): Value {
  return makeReader(split(text)).whole()(scope);
}

/** An expression that is read and not evaluated yet: what stands behind `and` may not be evaluated at all. */
type Read = (scope: Scope) => Value;

function split(text: string): readonly string[] {
  const found: string[] = [];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < text.trimEnd().length) {
    const at = tokens.lastIndex;
    const token = tokens.exec(text)?.[1];
    if (token === undefined) throw new Error(`Not read: ${text.slice(at, at + 30)}`);
    found.push(token);
  }
  return found;
}

function makeReader(all: readonly string[]): { whole(): Read } {
  let at = 0;
  const is = (token: string): boolean => all[at] === token;
  const take = (token: string): boolean => {
    if (!is(token)) return false;
    at += 1;
    return true;
  };
  const expect = (token: string): void => {
    if (!take(token)) throw new Error(`Expected ${token} and found ${all.slice(at, at + 5).join(' ')}`);
  };
  const list = (end: string): Read[] => {
    const items: Read[] = [];
    while (!take(end)) {
      items.push(either());
      if (!is(end)) expect(',');
    }
    return items;
  };

  function either(): Read {
    let left = both();
    while (take('or')) {
      const [first, second] = [left, both()];
      left = (scope) => first(scope) === true || second(scope) === true;
    }
    return left;
  }

  function both(): Read {
    let left = compared();
    while (take('and')) {
      const [first, second] = [left, compared()];
      left = (scope) => first(scope) === true && second(scope) === true;
    }
    return left;
  }

  function compared(): Read {
    const first = negated();
    const operator = all[at];
    if (operator === undefined || !Object.hasOwn(comparisons, operator)) return first;
    at += 1;
    const second = negated();
    return (scope) => comparisons[operator]?.(first(scope), second(scope));
  }

  function negated(): Read {
    if (!take('!')) return member();
    const inner = negated();
    return (scope) => inner(scope) !== true;
  }

  function member(): Read {
    let left = single();
    for (;;) {
      const isOptional = is('?.');
      if (!take('.') && !take('?.')) return left;
      const [owner, name] = [left, all[at] ?? ''];
      at += 1;
      const args = take('(') ? list(')') : null;
      left = (scope) => {
        const of = owner(scope) ?? null;
        if (of === null && isOptional) return null;
        // A member of nil ends an expression with an error, which Argo CD takes as false.
        if (of === null) throw new Error(`cannot fetch ${name} from <nil>`);
        const found = Reflect.get(Object(of), name);
        return args === null
          ? found
          : Reflect.apply(
              found,
              of,
              args.map((one) => one(scope)),
            );
      };
    }
  }

  function single(): Read {
    const token = all[at] ?? 'nothing';
    at += 1;
    if (token === '(') {
      const inner = either();
      expect(')');
      return inner;
    }
    if (token === '[') {
      const items = list(']');
      return (scope) => items.map((item) => item(scope));
    }
    if (token.startsWith("'")) return () => token.slice(1, -1);
    if (/^\d/.test(token)) return () => Number(token);
    if (token === 'nil') return () => null;
    if (token === 'find') {
      expect('(');
      const [items, predicate] = list(')');
      return (scope) => [items?.(scope)].flat().find((item) => predicate?.({ ...scope, '#': item }) === true) ?? null;
    }
    if (!/^[A-Za-z#]/.test(token)) throw new Error(`Not known: ${token}`);
    return (scope) => {
      if (!Object.hasOwn(scope, token)) throw new Error(`unknown name ${token}`);
      return scope[token];
    };
  }

  return {
    whole() {
      const read = either();
      if (at < all.length) throw new Error(`Not read: ${all.slice(at).join(' ')}`);
      return read;
    },
  };
}
