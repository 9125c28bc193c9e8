import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { fromDocument } from '../model/player-run';
import type { PlayerRun } from '../model/player-run';
import type { PlaygroundSettings } from '../run/playground-settings';
import { runPlayground } from '../run/run-playground';
import { SCENARIOS } from '../run/scenarios';
import { FREE_PLAY, describeSettings, readAddress, settingsOf, writeAddress } from './address';
import type { Address } from './address';
import { Comparison } from './comparison';
import { ForkDialog, SettingsDialog } from './dialogs';
import { Player } from './player';
import { ScenarioPanel } from './scenario-panel';

const LOCKED = 'Predict first: choose one of the possible outcomes above. Then you can play the run.';

/** Scenarios and free play: the producer's own code runs in this page. */
export function Playground() {
  const read = useMemo(() => readAddress(location.hash), []);
  const [address, setAddress] = useState<Address>(read.address);
  const [complaints, setComplaints] = useState<readonly string[]>(read.complaints);
  /** Where the player begins; somebody who was sent to a moment need not predict. */
  const [start, setStart] = useState<Pick<Address, 'position' | 'selection'>>(read.address);
  const [opened, setOpened] = useState<PlayerRun | null>(null);
  const [chosen, choose] = useState<number | null>(null);
  const [target, setTarget] = useState<{ position: number } | null>(null);
  const [dialog, setDialog] = useState<'settings' | 'fork' | null>(null);
  const scenario = SCENARIOS.find(({ id }) => id === address.scenario);
  const isChanged =
    scenario !== undefined && describeSettings(address.settings) !== describeSettings(scenario.settings);
  const title = opened?.title ?? scenario?.title ?? 'Free play';
  const ran = useRun(title, address.settings, null, true);
  const forked = useRun(title, address.settings, address.fork, address.fork !== null);
  const run = opened ?? ran.run;
  const mustPredict =
    opened === null && scenario !== undefined && !isChanged && chosen === null && start.position === null;

  useEffect(() => {
    // Browsers refuse a page that changes its address at every frame.
    const timer = setTimeout(() => history.replaceState(null, '', writeAddress(address)), 300);
    return () => clearTimeout(timer);
  }, [address]);
  useEffect(() => {
    const onHashChange = () => {
      const changed = readAddress(location.hash);
      setAddress(changed.address);
      setComplaints(changed.complaints);
    };
    addEventListener('hashchange', onHashChange);
    return () => removeEventListener('hashchange', onHashChange);
  }, []);

  const goTo = (id: string) => {
    setOpened(null);
    choose(null);
    setComplaints([]);
    setStart({ position: null, selection: null });
    setAddress({ scenario: id, settings: settingsOf(id), position: null, selection: null, fork: null });
    if (id === FREE_PLAY) setDialog('settings');
  };
  const atMs = useRef(0);
  const fork = (change: PlaygroundSettings, forkAtMs: number) => {
    setDialog(null);
    setAddress({ ...address, fork: { atMs: forkAtMs, change } });
  };

  return (
    <>
      <Head
        address={address}
        goTo={goTo}
        setDialog={setDialog}
        setOpened={setOpened}
        setComplaints={setComplaints}
        canFork={opened === null && !mustPredict}
      />
      {[
        ...complaints,
        ...(ran.error === null ? [] : [ran.error]),
        ...(forked.error === null ? [] : [forked.error]),
      ].map((text) => (
        <p class="complaints" role="alert" key={text}>
          {text}
        </p>
      ))}
      {opened === null && scenario !== undefined && address.fork === null && (
        <ScenarioPanel
          key={scenario.id}
          scenario={scenario}
          run={ran.run}
          chosen={chosen ?? (start.position === null ? null : -1)}
          choose={choose}
          showMoment={(position) => setTarget({ position })}
          tryNext={(change) => fork(change, 0)}
          isChanged={isChanged}
        />
      )}
      {address.fork !== null && ran.run !== null && forked.run !== null ? (
        <Comparison
          before={ran.run}
          after={forked.run}
          beforeName={namesOf(address.fork.change, address.settings)}
          afterName={namesOf(address.fork.change, address.fork.change)}
          atMs={address.fork.atMs}
          close={() => setAddress({ ...address, fork: null })}
        />
      ) : run === null ? (
        <p class="busy">{ran.error === null ? 'The producer is running …' : ''}</p>
      ) : (
        <Player
          key={run.title + run.events.length + describeSettings(address.settings)}
          run={run}
          position={start.position}
          selection={start.selection}
          locked={mustPredict ? LOCKED : null}
          target={target}
          onPlace={({ position, selection, timeMs }) => {
            atMs.current = timeMs;
            if (opened === null)
              setAddress({ ...address, position: position === 0 ? null : position, selection });
          }}
          isTitled={opened === null}
        />
      )}
      {dialog === 'settings' && (
        <SettingsDialog
          settings={address.settings}
          base={settingsOf(address.scenario)}
          apply={(settings) => {
            setDialog(null);
            setAddress({ ...address, settings, position: null, selection: null, fork: null });
          }}
          close={() => setDialog(null)}
        />
      )}
      {dialog === 'fork' && (
        <ForkDialog
          settings={address.settings}
          atMs={atMs.current}
          requestsSoFar={requestsBefore(ran.run, atMs.current)}
          apply={(change) => fork(change, atMs.current)}
          close={() => setDialog(null)}
        />
      )}
    </>
  );
}

function requestsBefore(run: PlayerRun | null, atMs: number): number {
  return (run?.events ?? []).filter((event) => event.stage === 'request-sent' && event.atMs <= atMs).length;
}

function namesOf(change: PlaygroundSettings, settings: PlaygroundSettings): string {
  return Object.keys(change)
    .map((name) =>
      describeSettings({ [name]: settings[name]! }).replace('defaults', `${name} ${settings[name]}`),
    )
    .join(', ');
}

interface Ran {
  readonly run: PlayerRun | null;
  readonly error: string | null;
}

/** Runs the producer whenever the settings are others; a run that has been overtaken is forgotten. */
function useRun(title: string, settings: PlaygroundSettings, fork: Address['fork'], isNeeded: boolean): Ran {
  const [ran, setRan] = useState<Ran>({ run: null, error: null });
  const key = JSON.stringify([title, settings, fork]);
  useEffect(() => {
    let isWanted = true;
    setRan({ run: null, error: null });
    if (!isNeeded) return undefined;
    runPlayground({ title, settings, ...(fork === null ? {} : { fork }) })
      .then((run) => isWanted && setRan({ run, error: null }))
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        if (isWanted) setRan({ run: null, error: `The producer refuses these settings: ${reason}` });
      });
    return () => {
      isWanted = false;
    };
  }, [key]);
  return ran;
}

interface HeadProps {
  readonly address: Address;
  readonly goTo: (scenario: string) => void;
  readonly setDialog: (dialog: 'settings' | 'fork') => void;
  readonly setOpened: (run: PlayerRun | null) => void;
  readonly setComplaints: (complaints: readonly string[]) => void;
  readonly canFork: boolean;
}

function Head({ address, goTo, setDialog, setOpened, setComplaints, canFork }: HeadProps) {
  const [copied, setCopied] = useState('');
  const open = (file: File | undefined) => {
    if (file === undefined) return;
    file
      .text()
      .then((text) => {
        setOpened(fromDocument(JSON.parse(text)));
        setComplaints([]);
      })
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        setComplaints([`${file.name} cannot be shown: ${reason}`]);
      });
  };
  return (
    <header class="page-head">
      <h1>Inside a Kafka producer</h1>
      <label>
        <span class="label">Scenario</span>
        <select value={address.scenario} onChange={(event) => goTo(event.currentTarget.value)}>
          {SCENARIOS.map(({ id, title }, at) => (
            <option key={id} value={id}>
              {at + 1}. {title}
            </option>
          ))}
          <option value={FREE_PLAY}>Free play</option>
        </select>
      </label>
      <button type="button" onClick={() => setDialog('settings')}>
        Settings
      </button>
      <button type="button" onClick={() => setDialog('fork')} disabled={!canFork}>
        Fork the past
      </button>
      <button
        type="button"
        onClick={() => {
          const { href } = location;
          navigator.clipboard?.writeText(href).then(
            () => setCopied('The address is copied.'),
            () => setCopied('Copy the address from the browser’s address bar.'),
          ) ?? setCopied('Copy the address from the browser’s address bar.');
        }}
      >
        Share
      </button>
      <label class="file">
        Open a run
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => open(event.currentTarget.files?.[0])}
        />
      </label>
      <span role="status" class="faint">
        {copied}
      </span>
    </header>
  );
}
