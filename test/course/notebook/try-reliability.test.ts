import { useKafka } from '../../../src/broker/index';
import { titleOf } from '../../../src/charts/theme';
import type { VegaLiteSpec } from '../../../src/charts/vega-lite-spec';
import type { MimeBundle } from '../../../src/course/notebook/kernel-host';
import { NotebookKafka } from '../../../src/course/notebook/notebook-kafka';
import { tryReliability } from '../../../src/course/notebook/try-reliability';
import type { ProducerConfig } from '../../../src/producer/index';
import { standInForKernel } from '../../support/stand-in-kernel';

const RELIABLE: ProducerConfig = { 'max.in.flight.requests.per.connection': 1 };

describe('a config for payments, through a network that breaks', () => {
  let kafka: NotebookKafka;
  let shown: string[];
  let remove: () => void;

  beforeAll(async () => {
    kafka = new NotebookKafka(await useKafka());
  }, 120_000);
  afterAll(() => kafka?.close());

  beforeEach(() => {
    shown = [];
    remove = standInForKernel((data: MimeBundle) => {
      const spec = data['application/vnd.vegalite.v5+json'] as VegaLiteSpec | undefined;
      shown.push(spec === undefined ? String(data['text/plain']) : titleOf(spec));
    });
    jest.spyOn(console, 'log').mockImplementation((text: string) => void shown.push(text));
  });
  afterEach(() => {
    remove();
    jest.restoreAllMocks();
  });

  /** What the table says of a config, by column. */
  const rowOf = (name: string): Readonly<Record<string, string>> => {
    const [head = [], , ...rows] = shown[0]!.split('\n').map((line) => line.trim().split(/ {2,}/));
    const row = rows.find(([config]) => config === name)!;
    return Object.fromEntries(head.map((column, at) => [column, row[at]!]));
  };

  test('a careless one doubles payments, and a right one beside it none', async () => {
    await tryReliability(kafka, () => RELIABLE);
    expect(Number(rowOf('careless')['in the log twice or more'])).toBeGreaterThan(0);
    expect(rowOf('yours')).toMatchObject({
      acks: 'all',
      acknowledged: '150',
      'of these lost': '0',
      'in the log twice or more': '0',
      'in order': 'yes',
    });
    expect(shown[1]).toBe('150 records in the log, each once and in order');
  }, 60_000);

  test('what nobody acknowledges gets lost, and the table says how much', async () => {
    await tryReliability(kafka, () => ({ acks: '0', 'linger.ms': 60_000 }));
    expect(Number(rowOf('yours')['of these lost'])).toBeGreaterThan(0);
  }, 60_000);

  test('a config that the producer does not take is told so, and the cell ends', async () => {
    await tryReliability(kafka, () => ({ acks: '1', 'enable.idempotence': true }));
    expect(shown.join('\n')).toMatch(
      /^Your answer to 03-max-reliability failed: ConfigError: .*enable\.idempotence/,
    );
  }, 60_000);
});
