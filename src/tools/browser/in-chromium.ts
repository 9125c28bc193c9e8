import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { findChromium } from './find-chromium';

// Without a sandbox, because root has none in a container; nothing but our own pages is opened.
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];

/** Runs `use` with a real Chromium, and closes it whatever happens. */
export async function inChromium<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ARGS });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** What a page did behind what is seen of it. */
export interface PageNoise {
  /** Errors in the browser's console, and errors that no script caught. */
  readonly consoleErrors: readonly string[];
  /** Origins other than the page's own that it asked for anything. */
  readonly foreignOrigins: ReadonlySet<string>;
}

/** Listens to a page that is about to open a URL. */
export function listenToPage(page: Page, url: string): PageNoise {
  const consoleErrors: string[] = [];
  const foreignOrigins = new Set<string>();
  const own = new URL(url).host;
  page.on('request', (request) => {
    const { host, origin, protocol } = new URL(request.url());
    if (/^(http|ws)s?:$/.test(protocol) && host !== own) foreignOrigins.add(origin);
  });
  page.on('websocket', (socket) => {
    const { host, origin } = new URL(socket.url());
    if (host !== own) foreignOrigins.add(origin);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  return { consoleErrors, foreignOrigins };
}

/** As sentences; none from a page that keeps to itself. */
export function complaintsOf({ consoleErrors, foreignOrigins }: PageNoise): string[] {
  return [
    ...consoleErrors.map((text) => `the console shows an error: ${text}`),
    ...[...foreignOrigins].map((origin) => `the page asked another machine: ${origin}`),
  ];
}
