import type { SettingDefinition, SettingValue } from '../run/playground-settings';
import { valueFor } from '../run/playground-settings';

/** One setting as a form field with its help. */
export function SettingField({
  setting,
  value,
  change,
  base,
}: {
  setting: SettingDefinition;
  value: SettingValue;
  change: (value: SettingValue) => void;
  /** What it would be if nobody changed it: another value is marked. */
  base?: SettingValue;
}) {
  const { label, help, choices, min, max, name } = setting;
  const id = `setting-${name}`;
  const take = (given: unknown) => {
    const wanted = valueFor(setting, given);
    if (wanted !== null) change(wanted);
  };
  return (
    <div class={`setting${base !== undefined && base !== value ? ' changed' : ''}`}>
      <label for={id} title={help}>
        {label}
      </label>
      {typeof value === 'boolean' ? (
        <input
          id={id}
          type="checkbox"
          checked={value}
          aria-describedby={`${id}-help`}
          onChange={(event) => take(event.currentTarget.checked)}
        />
      ) : choices !== undefined ? (
        <select
          id={id}
          value={String(value)}
          aria-describedby={`${id}-help`}
          onChange={(event) => take(event.currentTarget.value)}
        >
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="number"
          min={min}
          max={max}
          step="any"
          value={String(value)}
          aria-describedby={`${id}-help`}
          onChange={(event) => {
            take(event.currentTarget.value);
            event.currentTarget.value = String(valueFor(setting, event.currentTarget.value) ?? value);
          }}
        />
      )}
      <small id={`${id}-help`}>{help}</small>
    </div>
  );
}
