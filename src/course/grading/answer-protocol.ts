/**
 * What the grader's process and an answer's process say to each other. Requests and their results go over Node's IPC;
 * what must get out even while an answer holds the process (why it ends) goes over a pipe of its own, one JSON a line.
 */
import type { AnswerImports } from './answer-loader';

/** The pipe for last words, beside stdin, stdout, stderr (0 to 2) and IPC (4). */
export const LAST_WORDS_FD = 3;

/** The message of the one error that a stub throws. */
export const NOT_STARTED = 'not started yet';

export type HostRequest =
  | {
      readonly kind: 'load';
      readonly probeFile: string;
      readonly answerFile: string;
      readonly exports: readonly string[];
      readonly imports: AnswerImports;
    }
  | { readonly kind: 'run'; readonly id: number; readonly scenario: string; readonly input: unknown }
  | { readonly kind: 'ping' };

export type HostReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'loaded' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number | null; readonly error: ThrownValue };

export type LastWords =
  | { readonly kind: 'memory'; readonly megabytes: number }
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'uncaught'; readonly error: ThrownValue };

/** Anything that can be thrown, in a form that crosses a process boundary. */
export interface ThrownValue {
  readonly isError: boolean;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}
