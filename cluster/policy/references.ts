import type { Stacks } from '../terraform-json.ts';
import { at, strings } from '../terraform-json.ts';

/** Every `${…}` and every depends_on leads to something in the same stack. */
export function referencePolicy(stacks: Stacks): string[] {
  return [...stacks].flatMap(([stack, json]) =>
    [...strings(json)].flatMap(({ path, text }) =>
      referencesIn(path, text)
        .filter((reference) => at(json, place(reference)) === undefined)
        .map(
          (reference) =>
            `${stack}: ${path} refers to ${reference}, which is not in the stack. Add it, or refer to it by its settings.`,
        ),
    ),
  );
}

function referencesIn(path: string, text: string): string[] {
  if (/\.(?:depends_on|provider)(?:\[\d+\])?$/.test(path)) return [text];
  return expressions(text).flatMap((expression) => {
    // What is quoted inside an expression refers to nothing.
    const code = expression.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
    return [...code.matchAll(/(?<![\w.\]])(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*/g)].map(([found]) => found);
  });
}

/** The insides of `${…}`; `$${` is an escaped one. */
function expressions(text: string): string[] {
  return [...text.matchAll(/(?<!\$)\$\{([^}]*)\}/g)].map(([, inside = '']) => inside);
}

/** Where the JSON keeps what a reference names. */
function place(reference: string): string {
  if (reference.startsWith('data.')) return reference;
  if (reference.startsWith('var.')) return reference.replace('var.', 'variable.');
  if (reference.startsWith('local.')) return reference.replace('local.', 'locals.');
  if (reference.startsWith('module.')) return reference;
  return `resource.${reference}`;
}
