import path from 'node:path';

/** Where JupyterLab may write. Nothing of it reaches the user's home. */
export interface LabFolders {
  readonly state: string;
  readonly config: string;
  readonly data: string;
  readonly runtime: string;
  readonly settings: string;
  readonly workspaces: string;
  readonly ipython: string;
}

export function labFolders(projectRoot: string): LabFolders {
  const state = path.join(projectRoot, '.course', 'jupyter');
  const inState = (name: string) => path.join(state, name);
  return {
    state,
    config: inState('config'),
    data: inState('data'),
    runtime: inState('runtime'),
    settings: inState('settings'),
    workspaces: inState('workspaces'),
    ipython: inState('ipython'),
  };
}

/**
 * The environment of JupyterLab and of its kernels: the project's kernelspec and settings, folders below `.course`, and
 * first on the PATH the Node that runs this very process. What the user has set for a Jupyter of their own stays out.
 */
export function labEnvironment(
  projectRoot: string,
  base: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const folders = labFolders(projectRoot);
  const others = Object.entries(base).filter(([name]) => !/^(JUPYTER|JPY_|IPYTHON)/.test(name));
  return {
    ...Object.fromEntries(others),
    PATH: [path.dirname(process.execPath), base.PATH ?? ''].join(path.delimiter),
    JUPYTER_PATH: path.join(projectRoot, 'jupyter'),
    JUPYTER_CONFIG_PATH: path.join(projectRoot, 'jupyter', 'config'),
    JUPYTER_PREFER_ENV_PATH: '1',
    JUPYTER_PLATFORM_DIRS: '1',
    JUPYTER_CONFIG_DIR: folders.config,
    JUPYTER_DATA_DIR: folders.data,
    JUPYTER_RUNTIME_DIR: folders.runtime,
    JUPYTERLAB_SETTINGS_DIR: folders.settings,
    JUPYTERLAB_WORKSPACES_DIR: folders.workspaces,
    IPYTHONDIR: folders.ipython,
  };
}
