export interface SeenInPlayer {
  /** Events that have happened, and events in all. */
  readonly position: number;
  readonly events: number;
  readonly complaints: readonly string[];
  readonly isWiderThanScreen: boolean;
  /** What a screen reader is told. */
  readonly status: string;
  readonly text: string;
}

export function framesWhile(options: { readonly keys: readonly string[] }): Promise<number>;
export function lookAtPlayer(): SeenInPlayer;
