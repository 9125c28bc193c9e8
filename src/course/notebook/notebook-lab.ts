import { requestLocally } from '../../support/local-http';
import { beforeKernelEnds, singletons } from './kernel-host';
import { startLabServer } from './lab-server.cjs';
import type { NotebookKafka } from './notebook-kafka';

const SINGLETON = 'notebook-lab';

/** What `GET /actuator/prometheus` says of one producer: metric name → value, for its `client_id`. */
export type ClientMetrics = Readonly<Record<string, number>>;

/** Starts the lab's server on a free port, in this kernel. A second call returns what the first one started. */
export function openLab(kafka: NotebookKafka): Promise<NotebookLab> {
  const known = singletons().get(SINGLETON) as Promise<NotebookLab> | undefined;
  if (known !== undefined) return known;
  const opening = startLabServer({ kafka: kafka.kafka, port: 0 }).then(
    (server) => new NotebookLab(server.url, () => server.close()),
    (error: unknown) => {
      singletons().delete(SINGLETON); // the next run of the cell tries again
      throw error;
    },
  );
  singletons().set(SINGLETON, opening);
  return opening;
}

/** Sends HTTP requests to the lab as any program would, and shows each as the curl line that does the same. */
export class NotebookLab {
  readonly #forget: () => void;
  #closing: Promise<void> | undefined;

  constructor(
    readonly url: string,
    private readonly stop: () => Promise<void>,
  ) {
    this.#forget = beforeKernelEnds(() => this.close());
  }

  /** Sends a POST request and returns the parsed response. @throws Error with the server's own sentence when it refuses. */
  async post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<T> {
    return JSON.parse(await this.#ask('POST', path, body)) as T;
  }

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    return JSON.parse(await this.#ask('GET', path)) as T;
  }

  /** Sends a GET request and returns the response as text. */
  text(path: string): Promise<string> {
    return this.#ask('GET', path);
  }

  /** Stops the server and deletes its topics, once, however often its cell runs. Runs by itself when the kernel ends. */
  close(): Promise<void> {
    this.#forget();
    singletons().delete(SINGLETON);
    return (this.#closing ??= this.stop());
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<string> {
    console.log(curlLine(this.url, method, path, body));
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const { status, text } = await requestLocally(this.url + path, { method, headers, ...json });
    if (status !== 200) throw new Error(`${method} ${path}: ${status}, ${errorIn(text)}`);
    return text;
  }
}

/** What does the same in a terminal. */
export function curlLine(url: string, method: 'GET' | 'POST', path: string, body?: unknown): string {
  const how = method === 'POST' ? ' -X POST' : '';
  const data =
    body === undefined
      ? ''
      : ` -H 'Content-Type: application/json' -d '${JSON.stringify(body).split("'").join("'\\''")}'`;
  return `$ curl${how} '${url}${path}'${data}`;
}

/** Returns the samples of a Prometheus text that belong to one producer as a whole, by metric name. */
export function metricsOfClient(text: string, clientId: string): ClientMetrics {
  const metrics: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const sample = /^(\w+)\{([^}]*)\} (\S+)/.exec(line);
    if (sample === null) continue;
    const [, name = '', labels = '', value = ''] = sample;
    // Metrics of one topic or one broker have a further label.
    if (labels === `client_id="${clientId}"`) metrics[name] = Number(value);
  }
  return metrics;
}

function errorIn(text: string): string {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? text;
  } catch {
    return text;
  }
}
