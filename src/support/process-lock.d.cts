export function isProcessAlive(pid: number): boolean;
export function isSameProcess(pid: number, started: string): boolean;
export function startOf(pid: number): string;
export function withLockFile<T>(
  file: string,
  work: () => Promise<T>,
  onWait?: (ownerPid: number) => void,
): Promise<T>;
