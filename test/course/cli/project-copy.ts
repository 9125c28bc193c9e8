import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { callCourse } from './call-course';
import type { Outcome } from './call-course';

const ROOT = path.join(__dirname, '..', '..', '..');
/** What a clone would not have, or what a copy shares with this project. */
const LEFT_OUT = new Set(['.git', '.course', 'node_modules', 'reports']);

/** The made exercise asks for no broker, and a copy of the project has none: this one is never called. */
export const NO_BROKER = JSON.stringify({
  kind: 'embedded',
  bootstrapServers: '127.0.0.1:1',
  version: 'none',
  brokers: 1,
  topicPrefix: 'course-',
  connection: {},
});

/** A project of its own in a temporary folder, with the packages of this one: as a fresh clone after `npm ci`. */
export class ProjectCopy {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'course-copy-'));

  constructor() {
    for (const name of fs.readdirSync(ROOT)) {
      if (LEFT_OUT.has(name)) continue;
      fs.cpSync(path.join(ROOT, name), path.join(this.folder, name), { recursive: true });
    }
    fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.folder, 'node_modules'), 'junction');
  }

  /** Calls a command of the copy's course as a person in its folder would. */
  course(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return callCourse(this.folder, this.folder, args, env);
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** Every file of the copy with its text, to see what a command changed. */
  files(): Map<string, string> {
    const entries = fs.readdirSync(this.folder, { recursive: true, withFileTypes: true });
    return new Map(
      entries
        .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(this.path('node_modules')))
        .map((entry) => path.join(entry.parentPath, entry.name))
        .map((file) => [path.relative(this.folder, file), fs.readFileSync(file, 'base64')]),
    );
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
