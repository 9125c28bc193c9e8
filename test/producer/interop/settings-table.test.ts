import { execFileSync } from 'node:child_process';
import path from 'node:path';
import ts from 'typescript';
import { murmur2, toPositive } from '../../../src/producer/internals/murmur2';
import { SETTINGS_TABLE } from '../../../src/producer/interop/settings-table';
import type { Equivalent } from '../../../src/producer/interop/settings-table';
import { OTHER_PRODUCER_CONFIGS, PRODUCER_CONFIGS } from '../../../src/producer/producer-configs';
import { MURMUR2_EDGES } from '../../vectors/java-vectors';

const OPTIONS_FILE = path.join(__dirname, 'client-options.ts');

/** Whether one of the clients' own types has this option: the dots lead into nested types, unions count as any of them. */
function optionLookup() {
  const program = ts.createProgram([OPTIONS_FILE], {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    strict: true,
    types: ['node'],
  });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(
    checker.getSymbolAtLocation(program.getSourceFile(OPTIONS_FILE)!)!,
  );
  const propertyOf = (type: ts.Type, name: string): ts.Type | undefined => {
    for (const part of type.isUnion() ? type.types : [type]) {
      const property = checker.getPropertyOfType(checker.getNonNullableType(part), name);
      if (property !== undefined) return checker.getTypeOfSymbol(property);
    }
    return undefined;
  };
  return (client: 'KafkaJs' | 'Platformatic', { where, option }: Equivalent): boolean => {
    const symbol = exported.find(({ name }) => name === client);
    let type: ts.Type | undefined = checker.getDeclaredTypeOfSymbol(symbol!);
    for (const name of [where, ...option.split('.')]) type = type && propertyOf(type, name);
    return type !== undefined;
  };
}

describe('the settings table', () => {
  const has = optionLookup();
  const rows = SETTINGS_TABLE.map((row) => [row.setting, row] as const);

  it("names each of Java's settings once, and everything this producer takes but where it lies and how TLS is set up", () => {
    const listed = SETTINGS_TABLE.map(({ setting }) => setting);
    expect(new Set(listed).size).toBe(listed.length);
    const known = { ...PRODUCER_CONFIGS, ...OTHER_PRODUCER_CONFIGS };
    expect(listed.filter((setting) => !(setting in known))).toEqual([]);
    const left = Object.keys(PRODUCER_CONFIGS).filter((name) => !listed.includes(name));
    expect(left.filter((name) => !name.startsWith('ssl.') && !name.startsWith('metrics.'))).toEqual([]);
  });

  it.each(rows)("%s: the default is Java's", (setting, row) => {
    const { defaultValue } = { ...OTHER_PRODUCER_CONFIGS, ...PRODUCER_CONFIGS }[
      setting as keyof typeof PRODUCER_CONFIGS
    ];
    const described =
      { 'bootstrap.servers': 'required', 'client.id': 'producer-N' }[setting] ?? String(defaultValue);
    expect(row.javaDefault).toBe(described);
  });

  it.each(rows)('%s: kafkajs has the option where the table says so', (_setting, { kafkajs }) => {
    if ('none' in kafkajs) expect(kafkajs.none).not.toBe('');
    else expect(has('KafkaJs', kafkajs)).toBe(true);
  });

  it.each(rows)(
    '%s: @platformatic/kafka has the option where the table says so',
    (_setting, { platformatic }) => {
      if ('none' in platformatic) expect(platformatic.none).not.toBe('');
      else expect(has('Platformatic', platformatic)).toBe(true);
    },
  );

  it('would notice an option that there is not', () => {
    expect(has('KafkaJs', { where: 'producer', option: 'lingerMs', defaultValue: '' })).toBe(false);
    expect(has('KafkaJs', { where: 'producer', option: 'retry.linger', defaultValue: '' })).toBe(false);
    expect(has('Platformatic', { where: 'stream', option: 'linger', defaultValue: '' })).toBe(false);
  });

  it('says rightly where @platformatic/kafka puts keys', () => {
    // An ES module, which jest does not load: node does.
    const script = `
      const { defaultPartitioner, compatibilityPartitioner } = require('@platformatic/kafka');
      const keys = JSON.parse(process.argv[1]).map((hex) => Buffer.from(hex, 'hex'));
      const hashes = (partitioner) => keys.map((key) => partitioner({}, key));
      console.log(JSON.stringify([hashes(defaultPartitioner), hashes(compatibilityPartitioner)]));`;
    const keys = MURMUR2_EDGES.map(([, key]) => key);
    const hex = JSON.stringify(keys.map((key) => key.toString('hex')));
    const [byDefault, compatible] = JSON.parse(
      execFileSync(process.execPath, ['-e', script, hex]).toString(),
    ) as number[][];
    const elsewhere = (hashes: number[], partitions: number) =>
      keys.filter((key, index) => hashes[index]! % partitions !== toPositive(murmur2(key)) % partitions)
        .length;
    expect(elsewhere(byDefault!, 8)).toBe(0);
    expect(elsewhere(byDefault!, 6)).toBeGreaterThan(keys.length / 4);
    expect(elsewhere(compatible!, 6)).toBe(0);
  });
});
