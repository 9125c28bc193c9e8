import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../src/support/project-paths';

const folder = path.join(projectRoot, 'deploy', 'monitoring');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;

describe('deploy/monitoring', () => {
  (hasPromtool ? it : it.skip).each([
    ['the configuration', ['check', 'config', 'prometheus.yml']],
    ['the rules', ['check', 'rules', 'producer-rules.yml']],
    ['what the rules say about made-up series', ['test', 'rules', 'producer-rules.test.yml']],
  ])('promtool accepts %s (skipped where it is not installed)', (_what, args) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
    expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 });
  });
});

describe('compose.yaml', () => {
  it('publishes nothing beyond this machine', () => {
    const text = readFileSync(path.join(projectRoot, 'compose.yaml'), 'utf8');
    const published = [...text.matchAll(/^ +- '(.*:\d+:\d+)'$/gm)].map(([, port]) => port);
    expect(published).toEqual(['127.0.0.1:9092:9092']);
    expect(text).toContain('--web.listen-address=127.0.0.1:9090');
    expect(text).toContain('GF_SERVER_HTTP_ADDR: 127.0.0.1');
  });

  (hasCompose ? it : it.skip)('is understood by docker compose (skipped where it is not installed)', () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
