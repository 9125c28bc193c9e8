import { useMemo, useState } from 'preact/hooks';
import type { PlayerRun } from '../model/player-run';
import { readableEvents } from '../model/readable-events';
import { RunIndex } from '../model/run-index';
import { summarize } from '../model/run-summary';
import type { PlaygroundSettings } from '../run/playground-settings';
import type { Scenario } from '../run/scenarios';

export interface ScenarioPanelProps {
  readonly scenario: Scenario;
  readonly run: PlayerRun | null;
  /** Index of the option that somebody chose, or null. */
  readonly chosen: number | null;
  readonly choose: (option: number) => void;
  readonly showMoment: (position: number) => void;
  readonly tryNext: (change: PlaygroundSettings) => void;
  /** Somebody has changed settings: the question is about another run. */
  readonly isChanged: boolean;
}

/** The question comes first; what happened, and why, once somebody has predicted it. */
export function ScenarioPanel(props: ScenarioPanelProps) {
  const { scenario, chosen, choose, isChanged } = props;
  if (isChanged) {
    return (
      <section class="scenario" aria-label="Scenario">
        <p>
          <b>{scenario.title}</b>, with other settings than its question asks about. Choose the scenario again
          to get back to it.
        </p>
      </section>
    );
  }
  return (
    <section class="scenario" aria-label="Scenario">
      <div class="question">
        <p>{scenario.setting}</p>
        <p>
          <b>{scenario.question}</b>
        </p>
      </div>
      {chosen === null ? (
        <div class="options" role="group" aria-label="Your prediction">
          {scenario.options.map(({ text }, at) => (
            <button type="button" key={text} onClick={() => choose(at)}>
              {text}
            </button>
          ))}
        </div>
      ) : (
        <Verdict {...props} chosen={chosen} />
      )}
    </section>
  );
}

function Verdict({ scenario, run, chosen, showMoment, tryNext }: ScenarioPanelProps & { chosen: number }) {
  const [isExplained, explain] = useState(false);
  const outcome = useMemo(() => {
    if (run === null) return null;
    const index = new RunIndex(readableEvents(run.events).events);
    return { index, summary: summarize(index) };
  }, [run]);
  if (outcome === null) return <p>The producer is running …</p>;
  const right = scenario.options.findIndex(({ holds }) => holds(outcome));
  const moment = scenario.moment(outcome.index);
  return (
    <div class="verdict">
      {!isExplained ? (
        <>
          <p>
            {chosen === -1 ? (
              'You were sent to a moment of this run.'
            ) : (
              <>
                You predict: <b>{scenario.options[chosen]!.text}</b>. Play the run and watch.
              </>
            )}
          </p>
          <button type="button" onClick={() => explain(true)}>
            What happened, and why
          </button>
        </>
      ) : (
        <>
          <p role="status">
            {chosen !== -1 && (
              <b class={right === chosen ? 'good' : 'bad'}>{right === chosen ? 'Right.' : 'Not quite.'}</b>
            )}{' '}
            {right !== chosen && right !== -1 && `What happened: ${scenario.options[right]!.text}. `}
            {scenario.explanation}
          </p>
          <div class="verdict-actions">
            {moment !== -1 && (
              <button type="button" onClick={() => showMoment(moment + 1)} title={scenario.momentText}>
                Show the moment
              </button>
            )}
            <button type="button" onClick={() => tryNext(scenario.next.change)}>
              {scenario.next.text} and compare
            </button>
          </div>
        </>
      )}
    </div>
  );
}
