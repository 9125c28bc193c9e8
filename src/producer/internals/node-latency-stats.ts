interface NodeTimes {
  /** When there was last something to send to it. */
  readyMs: number;
  /** When it last could take it. */
  drainMs: number;
}

/** How long brokers have had something to take without taking it (KIP-794). */
export class NodeLatencyStats {
  readonly #nodes = new Map<number, NodeTimes>();

  update(nodeId: number, nowMs: number, canDrain: boolean): void {
    const times = this.#nodes.get(nodeId);
    if (times === undefined) {
      this.#nodes.set(nodeId, { readyMs: nowMs, drainMs: nowMs });
      return;
    }
    if (canDrain) times.drainMs = nowMs;
    times.readyMs = nowMs;
  }

  get(nodeId: number): Readonly<NodeTimes> | undefined {
    return this.#nodes.get(nodeId);
  }

  /** -1 for a node that nothing is known of. */
  lagMs(nodeId: number): number {
    const times = this.#nodes.get(nodeId);
    return times === undefined ? -1 : times.readyMs - times.drainMs;
  }
}
