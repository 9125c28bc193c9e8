export type InstallFailureCause =
  'disk-full' | 'tls' | 'proxy' | 'no-permission' | 'wrong-hash' | 'no-network' | 'no-wheel' | 'unknown';

export interface FailedInstall {
  /** Begins the sentence: `The Python packages of lab.txt`. */
  readonly what: string;
  /** `npm`, `pip` */
  readonly tool: string;
  /** Everything that it printed. */
  readonly text: string;
  /** What packages have to be prebuilt for: `Python 3.15 on linux-x64`. */
  readonly platform: string;
}

export function describeInstallFailure(failed: FailedInstall): {
  readonly cause: InstallFailureCause;
  readonly sentence: string;
};
