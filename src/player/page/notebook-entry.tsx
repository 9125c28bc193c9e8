import { render } from 'preact';
import { fromDocument } from '../model/player-run';
import type { PlayOptions } from '../model/play-options';
import { openRun } from './open-run';
import { ErrorBoundary } from './error-boundary';
import { Player } from './player';
import './style';
import { followTheme } from './theme';

/** Shows the run that the page carries: `<script type="application/json">` or its gzip in base64. */
function main(): void {
  followTheme();
  const holder = document.getElementById('player')!;
  try {
    const { run, options } = openRun();
    const start = placeFor(options);
    render(
      <ErrorBoundary>
        <Player run={fromDocument(run)} {...start} />
      </ErrorBoundary>,
      holder,
    );
  } catch (error) {
    holder.textContent = `The player cannot show this run. ${error instanceof Error ? error.message : String(error)}`;
  }
}

function placeFor({ follow, fromMs, toMs, position }: PlayOptions) {
  return {
    selection: follow === undefined ? null : ({ kind: 'record', record: follow } as const),
    window: fromMs === undefined || toMs === undefined ? null : { fromMs, toMs },
    position: position ?? null,
  };
}

main();
