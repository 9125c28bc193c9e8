import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatMs } from '../model/format';
import { SETTINGS, settingOf } from '../run/playground-settings';
import type { PlaygroundSettings, SettingValue } from '../run/playground-settings';
import { SettingField } from './setting-field';

const GROUPS = ['producer', 'application', 'cluster', 'what goes wrong'] as const;

/** A dialog of the browser's own: it keeps the focus inside, and Escape closes it. */
function Dialog({
  title,
  close,
  children,
}: {
  title: string;
  close: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={close} onKeyDown={(event) => event.stopPropagation()}>
      <div class="dialog-head">
        <h2>{title}</h2>
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
      {children}
    </dialog>
  );
}

/** Every setting of a run. */
export function SettingsDialog({
  settings,
  base,
  apply,
  close,
}: {
  settings: PlaygroundSettings;
  base: PlaygroundSettings;
  apply: (settings: PlaygroundSettings) => void;
  close: () => void;
}) {
  const [wanted, setWanted] = useState(settings);
  return (
    <Dialog title="All settings" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apply(wanted);
        }}
      >
        <div class="setting-groups">
          {GROUPS.map((group) => (
            <fieldset key={group}>
              <legend>{group}</legend>
              {SETTINGS.filter((setting) => setting.group === group).map((setting) => (
                <SettingField
                  key={setting.name}
                  setting={setting}
                  value={wanted[setting.name]!}
                  base={base[setting.name]}
                  change={(value) => setWanted({ ...wanted, [setting.name]: value })}
                />
              ))}
            </fieldset>
          ))}
        </div>
        <div class="dialog-foot">
          <button type="submit" class="primary">
            Run with these settings
          </button>
          <button type="button" onClick={() => setWanted(base)}>
            Put all back
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** One thing that is different from a moment on. */
export function ForkDialog({
  settings,
  atMs,
  requestsSoFar,
  apply,
  close,
}: {
  settings: PlaygroundSettings;
  atMs: number;
  requestsSoFar: number;
  apply: (change: PlaygroundSettings) => void;
  close: () => void;
}) {
  const [name, setName] = useState('linger.ms');
  const setting = settingOf(name)!;
  const suggested = (chosen: string): SettingValue => suggestion(chosen, settings, requestsSoFar);
  const [value, setValue] = useState<SettingValue>(() => suggested(name));
  const isSame = value === settings[name];
  return (
    <Dialog title={`Change one thing at ${formatMs(atMs)}`} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          apply({ [name]: value });
        }}
      >
        <p>
          The producer runs a second time, with one difference. You see the old and the new future side by
          side.
        </p>
        <div class="setting">
          <label for="fork-what">What is different</label>
          <select
            id="fork-what"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setValue(suggested(event.currentTarget.value));
            }}
          >
            {GROUPS.map((group) => (
              <optgroup label={group} key={group}>
                {SETTINGS.filter((one) => one.group === group).map((one) => (
                  <option key={one.name} value={one.name}>
                    {one.label}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </div>
        <SettingField key={name} setting={setting} value={value} change={setValue} base={settings[name]} />
        <p class="faint">
          {setting.changes === 'at the start'
            ? 'This is fixed when the producer is built, so the second run has it from its beginning.'
            : `Until ${formatMs(atMs)} both runs are the same.`}
        </p>
        <div class="dialog-foot">
          <button type="submit" class="primary" disabled={isSame}>
            {isSame ? 'Choose another value' : 'Show both futures'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What somebody will most likely want to try: never the value that it has already. */
function suggestion(name: string, settings: PlaygroundSettings, requestsSoFar: number): SettingValue {
  const value = settings[name]!;
  if (/^(loseResponse|loseRequest|refuseRequest)$/.test(name)) return requestsSoFar + 1;
  if (typeof value === 'boolean') return !value;
  const { choices, max = Infinity } = settingOf(name)!;
  if (choices !== undefined) return choices.find((choice) => choice !== value) ?? value;
  if (name === 'max.in.flight.requests.per.connection') return value === 1 ? 5 : 1;
  if (name === 'linger.ms') return value === 0 ? 20 : 0;
  return Math.min(max, Number(value) === 0 ? 1 : Number(value) * 4);
}
