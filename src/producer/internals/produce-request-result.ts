import type { Clock } from '../../support/clock';
import { KafkaError } from '../../protocol/errors';

/** A piece of a batch that was split: its records are numbers `firstIndex` to `firstIndex + count - 1` of the old one. */
export interface SplitPiece {
  readonly firstIndex: number;
  readonly count: number;
  readonly result: ProduceRequestResult;
}

/**
 * The answer for a batch, shared by the futures of all its records: a record costs no promise unless somebody asks for it,
 * and then only one per batch is there to be resolved.
 */
export class ProduceRequestResult {
  baseOffset = -1n;
  /** Milliseconds, or -1 when records keep their own timestamps. */
  logAppendTimeMs = -1;
  #state: 'open' | 'set' | 'done' | 'split' = 'open';
  #errorOf: ((index: number) => Error) | null = null;
  #pieces: readonly SplitPiece[] = [];
  #promise: Promise<void> | null = null;
  #resolve: (() => void) | null = null;

  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly clock: Clock,
  ) {}

  /** Before the callbacks: what they see. */
  set(baseOffset: bigint, logAppendTimeMs: number, errorOf: ((index: number) => Error) | null): void {
    this.baseOffset = baseOffset;
    this.logAppendTimeMs = logAppendTimeMs;
    this.#errorOf = errorOf;
    this.#state = 'set';
  }

  /** After the callbacks: those who wait for a future go on (F-09). */
  done(): void {
    this.#state = 'done';
    this.#resolve?.();
  }

  /** The batch was too large and goes out in pieces: its futures follow them (F-11). */
  split(pieces: readonly SplitPiece[]): void {
    this.#pieces = pieces;
    this.#state = 'split';
    this.#resolve?.();
  }

  isDone(index: number): boolean {
    const piece = this.#pieceOf(index);
    return piece === null ? this.#state === 'done' : piece.result.isDone(index - piece.firstIndex);
  }

  /** The result that will have the answer for this record, and its number there. */
  locate(index: number): { result: ProduceRequestResult; index: number } {
    const piece = this.#pieceOf(index);
    return piece === null ? { result: this, index } : piece.result.locate(index - piece.firstIndex);
  }

  errorFor(index: number): Error | null {
    return this.#errorOf === null ? null : this.#errorOf(index);
  }

  /** Settles once the batch is done or split. Never rejects. */
  settled(): Promise<void> {
    if (this.#state === 'done' || this.#state === 'split') return SETTLED;
    return (this.#promise ??= new Promise((resolve) => (this.#resolve = resolve)));
  }

  /** Settles once every record has its answer, pieces of a split batch included. Never rejects. */
  async completed(): Promise<void> {
    await this.settled();
    for (const { result } of this.#pieces) await result.completed();
  }

  #pieceOf(index: number): SplitPiece | null {
    if (this.#state !== 'split') return null;
    const piece = this.#pieces.find(({ firstIndex, count }) => index < firstIndex + count);
    if (piece === undefined) throw new KafkaError(`Record ${index} is in no piece of its split batch.`);
    return piece;
  }
}

const SETTLED = Promise.resolve();
