import path from 'node:path';
import { parseAllDocuments } from 'yaml';

/** A file as it stands in the commit. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One document of a file, whatever it holds. */
export interface SourceDocument {
  /** Where it stands, for messages: the path, and its number where the file has several. */
  readonly source: string;
  readonly value: unknown;
}

/** Whether Argo CD would read a file of a folder as manifests. */
export function isManifestFile(name: string): boolean {
  return ['.yaml', '.yml', '.json'].includes(path.extname(name));
}

/** The documents of a file, without the empty ones. Throws where it is not YAML, with the line and the reason. */
export function parseDocuments(file: SourceFile): SourceDocument[] {
  // 1.1 is what Kubernetes reads: there, a bare `yes` is a truth value.
  const documents = parseAllDocuments(file.text, { version: '1.1', prettyErrors: true });
  const parsed = Array.isArray(documents) ? documents : [];
  return parsed
    .map((document, index) => {
      const broken = document.errors[0];
      if (broken !== undefined) {
        throw new Error(`${file.path} is not YAML: ${broken.message.split('\n')[0]}`, { cause: broken });
      }
      const source = parsed.length > 1 ? `${file.path}, document ${index + 1}` : file.path;
      return { source, value: document.toJS() as unknown };
    })
    .filter(({ value }) => value !== null && value !== undefined);
}
