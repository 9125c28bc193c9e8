import ora from 'ora';

const SHOWN_AFTER_MS = 800;

/** One line on stderr while something takes longer than a moment; what it has to say is added to the line. */
export async function progress<T>(
  label: string,
  work: (say: (what: string) => void) => Promise<T>,
): Promise<T> {
  const line = ora({ text: `${label} ...`, discardStdin: false });
  const timer = setTimeout(() => line.start(), SHOWN_AFTER_MS);
  try {
    return await work((what) => (line.text = what));
  } finally {
    clearTimeout(timer);
    line.stop();
  }
}
