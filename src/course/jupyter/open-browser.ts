import { spawn } from 'node:child_process';

/** Opens the URL where there is a desktop to open it on. A browser that does not open is no error: the URL is printed. */
export function openBrowser(url: string): void {
  const command = openCommand(url);
  if (command === null) return;
  const child = spawn(command[0], command[1], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

function openCommand(url: string): [string, string[]] | null {
  if (process.platform === 'darwin') return ['open', [url]];
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  const hasDesktop = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  return hasDesktop ? ['xdg-open', [url]] : null;
}
