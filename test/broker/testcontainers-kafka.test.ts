import { execFileSync } from 'node:child_process';
import { sharedBrokerTests } from './shared-broker-tests';

sharedBrokerTests({
  kind: 'testcontainers',
  skippedBecause:
    process.env['COURSE_BROKER'] === 'testcontainers'
      ? undefined
      : 'needs Docker and an image; docker/ci-testcontainers runs it',
  leftovers: () => {
    const args = [
      'ps',
      '--all',
      '--filter',
      'label=org.testcontainers=true',
      '--format',
      '{{.ID}} {{.Image}}',
    ];
    // The library's own reaper stays until this process ends.
    return execFileSync('docker', args, { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line !== '' && !line.includes('ryuk'));
  },
});
