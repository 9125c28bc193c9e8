import { inspect } from 'node:util';

/**
 * Runs something that has to fail, and shows its error; fails when it does not fail. The cell itself must not fail: tslab would
 * drop the cells that wait behind it.
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

/** Checks a statement of the text: prints it with ✓ if it holds, and fails the cell if it does not. */
export function claim(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(`The text says "${sentence}", but that is not what was measured here.`);
  console.log(`✓ ${sentence}`);
}
