import path from 'node:path';
import ts from 'typescript';
import { PROJECT_ROOT } from '../exercises/manifest';

/** What an editor would underline. */
export interface TypeProblem {
  readonly file: string;
  /** From 1, as editors count. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const COURSE_IMPORT = /^(?:\.\.\/)+(src\/.*)$/;

function compilerOptions(): ts.CompilerOptions {
  const file = path.join(PROJECT_ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as {
    config: { compilerOptions: object };
  };
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, PROJECT_ROOT).options;
}

/**
 * The type errors of answers, wherever they stand. They are no part of the grade (what runs right is right), but often the
 * quickest explanation of why it does not.
 */
export function typeProblems(files: readonly string[]): TypeProblem[] {
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  // `../../src/…` means the course's own src wherever the answer is, as it does when the answer runs.
  host.resolveModuleNameLiterals = (literals, containing) =>
    literals.map(({ text }) => {
      const match = COURSE_IMPORT.exec(text);
      const name = match === null ? text : path.join(PROJECT_ROOT, match[1]!);
      const from = match === null ? containing : path.join(PROJECT_ROOT, 'exercises', 'x.ts');
      return ts.resolveModuleName(name, from, options, host);
    });
  const program = ts.createProgram({ rootNames: files, options, host });
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    if (source === undefined) return [];
    const diagnostics = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return diagnostics.map(({ start, messageText }) => {
      const { line, character } = source.getLineAndCharacterOfPosition(start ?? 0);
      const message = ts.flattenDiagnosticMessageText(messageText, ' ');
      return { file, line: line + 1, column: character + 1, message };
    });
  });
}
