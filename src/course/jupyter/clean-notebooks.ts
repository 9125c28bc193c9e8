import fs from 'node:fs';
import path from 'node:path';
import { readTextFile } from '../../support/read-text';
import { projectRoot } from '../../support/project-paths';

/** A notebook file as far as its form is concerned; what else it holds is kept as it is. */
interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

interface NotebookCell {
  cell_type: string;
  id?: string;
  metadata: Record<string, unknown>;
  source: string[] | string;
  outputs?: unknown[];
  execution_count?: number | null;
}

const NOTEBOOKS = path.join(projectRoot, 'notebooks');
/** The kernel that opens a notebook. What a kernel writes about itself changes with its version and is left out. */
const METADATA = {
  kernelspec: { display_name: 'TypeScript (tslab)', language: 'typescript', name: 'tslab' },
  language_info: { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' },
};

/** Says which notebooks are not in the form they are committed in; none when all are. */
export function checkNotebooksClean(folder = NOTEBOOKS): string[] {
  return notebookFiles(folder)
    .filter((file) => readTextFile(file) !== cleaned(file))
    .map((file) => {
      const name = path.relative(projectRoot, file);
      return `${name} holds outputs or marks of a run: npm run notebooks -- --clean writes it as it is committed.`;
    });
}

/** Writes every notebook in the form it is committed in, and returns the names of those that changed. */
export function cleanNotebooks(folder = NOTEBOOKS): string[] {
  const changed = notebookFiles(folder).filter((file) => {
    const text = cleaned(file);
    if (readTextFile(file) === text) return false;
    fs.writeFileSync(file, text);
    return true;
  });
  return changed.map((file) => path.relative(projectRoot, file));
}

export function notebookFiles(folder = NOTEBOOKS): string[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
  return names.sort().map((name) => path.join(folder, name));
}

/**
 * The committed form: no outputs, counts or marks of an editor; one line of source a line of the file, so that diffs can be read.
 */
function cleaned(file: string): string {
  let notebook: Notebook;
  try {
    notebook = JSON.parse(readTextFile(file)) as Notebook;
  } catch (error) {
    throw new Error(`${path.relative(projectRoot, file)} is not a notebook: ${String(error)}`, {
      cause: error,
    });
  }
  const cells = notebook.cells.map((cell, at) => cleanCell(cell, at));
  return `${JSON.stringify({ cells, metadata: METADATA, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

function cleanCell(cell: NotebookCell, at: number): NotebookCell {
  const { cell_type, id, metadata } = cell;
  const text = (typeof cell.source === 'string' ? cell.source : cell.source.join('')).trimEnd();
  const source = text
    .split('\n')
    .map((line, index, lines) => (index < lines.length - 1 ? `${line}\n` : line));
  const tags = metadata['tags'] === undefined ? {} : { tags: metadata['tags'] };
  const name = id ?? `cell-${at}`;
  // Keys in alphabetical order, as Jupyter writes them: saving a notebook there moves nothing.
  return cell_type === 'code'
    ? { cell_type, execution_count: null, id: name, metadata: tags, outputs: [], source }
    : { cell_type, id: name, metadata: tags, source };
}
