import { createRequire } from 'node:module';
import path from 'node:path';
import { labEnvironment } from '../../../src/course/jupyter/lab-environment';
import { projectRoot } from '../../../src/support/project-paths';

const launcher = createRequire(__filename)(
  path.join(projectRoot, 'jupyter', 'kernels', 'tslab', 'launch.cjs'),
) as { jupyterPid(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, parentPid: number): number };

describe('a kernel', () => {
  it('ends with the Jupyter server that JPY_PARENT_PID names', () => {
    expect(launcher.jupyterPid({ JPY_PARENT_PID: '17' }, 'linux', 4)).toBe(17);
    expect(launcher.jupyterPid({}, 'linux', 4)).toBe(4);
  });

  it('does not take the handle in JPY_PARENT_PID on Windows for the id of a process that has ended', () => {
    expect(launcher.jupyterPid({ JPY_PARENT_PID: '17' }, 'win32', 4)).toBe(4);
  });

  it('prints UTF-8 from Python in any locale', () => {
    expect(labEnvironment({ LANG: 'C' }).PYTHONUTF8).toBe('1');
  });
});
