import path from 'node:path';
import { coursePath, projectRoot } from '../../support/project-paths';

/** Where JupyterLab may write. Nothing of it reaches the user's home. */
const folder = (name: string) => coursePath('jupyter', name);

export const labFolders = {
  config: folder('config'),
  data: folder('data'),
  runtime: folder('runtime'),
  settings: folder('settings'),
  workspaces: folder('workspaces'),
  ipython: folder('ipython'),
} as const;

/**
 * The environment of JupyterLab and of its kernels: the project's kernelspec and settings, folders below `.course`, and
 * first on the PATH the Node that runs this very process. What the user has set for a Jupyter of their own stays out.
 */
export function labEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  // npm's own variables would make every npm in a JupyterLab terminal believe that it runs inside this one.
  const foreign = /^(JUPYTER|JPY_|IPYTHON|PYTHONHOME$|PYTHONPATH$|npm_|NODE_OPTIONS$|COURSE_PARENT_PID$)/;
  const others = Object.entries(base).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(others),
    // What Python and its programs print is UTF-8 in any locale.
    PYTHONUTF8: '1',
    PATH: [path.dirname(process.execPath), base.PATH ?? ''].join(path.delimiter),
    JUPYTER_PATH: path.join(projectRoot, 'jupyter'),
    JUPYTER_CONFIG_PATH: path.join(projectRoot, 'jupyter', 'config'),
    JUPYTER_PREFER_ENV_PATH: '1',
    JUPYTER_PLATFORM_DIRS: '1',
    JUPYTER_CONFIG_DIR: labFolders.config,
    JUPYTER_DATA_DIR: labFolders.data,
    JUPYTER_RUNTIME_DIR: labFolders.runtime,
    JUPYTERLAB_SETTINGS_DIR: labFolders.settings,
    JUPYTERLAB_WORKSPACES_DIR: labFolders.workspaces,
    IPYTHONDIR: labFolders.ipython,
  };
}
