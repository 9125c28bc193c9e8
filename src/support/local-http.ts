import { Agent, request, type OutgoingHttpHeaders } from 'node:http';

export interface LocalRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly timeoutMs?: number;
}

export interface LocalResponse {
  readonly status: number;
  readonly text: string;
}

/**
 * An HTTP request to a server on this machine. `fetch` would go through the proxy of HTTP_PROXY where NODE_USE_ENV_PROXY is
 * set, and no proxy can reach this machine's loopback interface; an agent of its own knows of none.
 */
export function requestLocally(
  url: string,
  { method = 'GET', headers = {}, body, timeoutMs }: LocalRequest = {},
): Promise<LocalResponse> {
  return new Promise((resolve, reject) => {
    const agent = new Agent();
    const outgoing = request(url, { method, headers, agent, timeout: timeoutMs }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text })).on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${url} did not respond in ${timeoutMs} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
