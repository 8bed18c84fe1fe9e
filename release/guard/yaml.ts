import { type Document, isAlias, isCollection, isNode, LineCounter, parseAllDocuments, visit } from 'yaml';

/** One document of a file, as Kubernetes reads it. */
export interface YamlDocument {
  readonly contents: unknown;
  /** As plain values. */
  readonly content: unknown;
  /** The line in the file, from 1, of an offset in the document's text. */
  lineAt(offset: number): number;
}

/** A place where Kubernetes reads no document, or another one than a reader of YAML expects. */
export interface YamlFault {
  /** From 1. */
  readonly line: number;
  readonly says: string;
  /** Whether the rest of the file can be read nevertheless. */
  readonly isHidden: boolean;
}

/**
 * Reads a file as Argo CD does: Kubernetes cuts it at the lines that begin with `---` (apimachinery/pkg/util/yaml/decoder.go), and
 * reads one document of each piece, as YAML 1.1. Never throws: what it can't read is a fault.
 */
export function readYaml(text: string): readonly (YamlDocument | YamlFault)[] {
  const pieces = cut(text);
  const [fault] = pieces.flatMap((piece) => ('says' in piece ? [piece] : []));
  if (fault !== undefined) return [fault];
  return pieces.flatMap((piece) => ('says' in piece ? [] : readPiece(piece)));
}

/** The first fault that keeps a reader from the whole file; undefined for none. */
export function faultOf(read: readonly (YamlDocument | YamlFault)[]): YamlFault | undefined {
  return read.find((found): found is YamlFault => 'says' in found && !found.isHidden);
}

interface Piece {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

function cut(text: string): readonly (Piece | YamlFault)[] {
  const found: (Piece | YamlFault)[] = [];
  let piece = { lines: [] as string[], line: 1 };
  const end = (line: number): void => {
    if (piece.lines.some((one) => one.trim() !== '')) found.push({ text: piece.lines.join(''), line: piece.line });
    piece = { lines: [], line };
  };
  for (const [index, line] of text.split(/(?<=\n)/).entries()) {
    if (line.startsWith('---')) {
      const rest = line.slice(3).trim();
      end(index + 1);
      if (rest !== '' && !rest.startsWith('#')) {
        found.push({ line: index + 1, says: 'has more than a comment after its `---`', isHidden: false });
      }
    }
    piece.lines.push(line);
  }
  end(0);
  return found;
}

function readPiece({ text, line: begin }: Piece): readonly (YamlDocument | YamlFault)[] {
  const lineCounter = new LineCounter();
  const lineAt = (offset: number): number => begin - 1 + Math.max(1, lineCounter.linePos(offset).line);
  const fault = (offset: number, says: string): YamlFault => ({ line: lineAt(offset), says, isHidden: false });
  try {
    // Without warnings on the terminal: they are faults, or nothing.
    const documents = [...parseAllDocuments(text, { version: '1.1', lineCounter, logLevel: 'error' })];
    const [error] = documents.flatMap(({ errors }) => errors);
    if (error !== undefined) return [fault(error.pos[0], `is no YAML (${shortened(error.message)})`)];
    const [first, ...others] = documents;
    if (first === undefined) {
      return text.trimStart().startsWith('%') ? [fault(0, 'is a directive, which Kubernetes does not read')] : [];
    }
    const found = oddity(first);
    if (found !== null) return [fault(found.offset, found.says)];
    const content: unknown = first.toJS();
    const hidden = others.find(({ contents }) => isNode(contents) && contents.range?.[0] !== contents.range?.[1]);
    return [
      { contents: first.contents, content, lineAt },
      ...(hidden === undefined ? [] : [hiddenAt(lineAt(offsetOf(hidden)))]),
    ];
  } catch (cause) {
    // What the library refuses only when it makes values of the text, such as a thousand aliases of aliases.
    return [
      fault(
        0,
        `begins a document that is no YAML (${cause instanceof Error ? shortened(cause.message) : 'why is unknown'})`,
      ),
    ];
  }
}

function hiddenAt(line: number): YamlFault {
  return { line, says: 'begins a document without a line `---` before it', isHidden: true };
}

function offsetOf({ contents, range }: Document): number {
  return (isNode(contents) ? contents.range?.[0] : range?.[0]) ?? 0;
}

/** What the library reads and Kubernetes does not. */
function oddity(document: Document): { readonly offset: number; readonly says: string } | null {
  const tag = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  if (tag !== undefined) {
    return { offset: tag.pos[0], says: `has a tag that Kubernetes does not know (${shortened(tag.message)})` };
  }
  const anchors = new Map<string, unknown>();
  const found: { offset: number; says: string }[] = [];
  const complain = (node: { range?: readonly [number, number, number] | null | undefined }, says: string): symbol => {
    found.push({ offset: node.range?.[0] ?? 0, says });
    return visit.BREAK;
  };
  visit(document, {
    Node(_, node, path) {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target === undefined) return complain(node, `has an alias without an anchor (*${node.source})`);
        return path.some((above) => above === target)
          ? complain(node, `has an alias of something that it is a part of (*${node.source})`)
          : undefined;
      }
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      return undefined;
    },
    Pair(_, { key }) {
      return isCollection(key) ? complain(key, 'has a list or an object as a key') : undefined;
    },
  });
  return found[0] ?? null;
}

/** What goes before the text that the library quotes, without its place in a piece that nobody sees. */
function shortened(message: string): string {
  return (message.split(':\n')[0] ?? message).split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message;
}
