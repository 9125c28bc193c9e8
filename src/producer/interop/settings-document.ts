import { SETTINGS_TABLE } from './settings-table';
import type { Equivalent, NoEquivalent } from './settings-table';

const INTRODUCTION = `# Java's producer settings in other clients

For whoever moves between clients: the same setting under its name in kafkajs 2.2.4, @platformatic/kafka 2.12.1 and
librdkafka 2.16, with its default there. Made from \`src/producer/interop/settings-table.ts\`; tests hold the columns of kafkajs
and @platformatic/kafka against the installed clients.
`;

const HEAD = `| Java | default | kafkajs | @platformatic/kafka | librdkafka |
|---|---|---|---|---|`;

function cell(entry: Equivalent | NoEquivalent): string {
  if ('none' in entry) return `none: ${entry.none}`;
  const { where, option, defaultValue, note } = entry;
  return `\`${option}\` (${where}), ${defaultValue}${note === undefined ? '' : `; ${note}`}`;
}

/** docs/settings.md: the table in Markdown. */
export function settingsDocument(): string {
  const rows = SETTINGS_TABLE.map(({ setting, javaDefault, kafkajs, platformatic, librdkafka }) => {
    return `| \`${setting}\` | ${javaDefault} | ${cell(kafkajs)} | ${cell(platformatic)} | ${cell(librdkafka)} |`;
  });
  return `${INTRODUCTION}\n${HEAD}\n${rows.join('\n')}\n`;
}
