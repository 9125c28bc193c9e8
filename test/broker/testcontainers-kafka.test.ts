import { execFileSync } from 'node:child_process';
import { sharedBrokerTests } from './shared-broker-tests';

sharedBrokerTests({
  kind: 'testcontainers',
  skippedBecause:
    process.env['COURSE_BROKER'] === 'testcontainers'
      ? undefined
      : 'needs Docker and an image; docker/ci-testcontainers runs it',
  leftovers: () => {
    const filter = [
      '--filter',
      'label=org.testcontainers=true',
      '--filter',
      'label!=org.testcontainers.ryuk=true',
    ];
    return execFileSync('docker', ['ps', '--quiet', '--all', ...filter], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean);
  },
});
