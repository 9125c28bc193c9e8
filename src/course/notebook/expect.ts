import { inspect } from 'node:util';

/**
 * Shows a failure that is expected, and fails when it does not come. The cell itself must not fail: tslab would drop
 * the cells that wait behind it.
 */
export async function expectError(run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.log(
      `As expected: ${error instanceof Error ? `${error.name}: ${error.message}` : inspect(error)}`,
    );
    return;
  }
  throw new Error('This was expected to fail, and it succeeded.');
}

/** Fails the cell when what the text beside it says is not what was measured. */
export function claim(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(`The text says "${sentence}", and that is not what was measured here.`);
  console.log(`✓ ${sentence}`);
}
