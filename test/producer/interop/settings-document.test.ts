import fs from 'node:fs';
import path from 'node:path';
import { settingsDocument } from '../../../src/producer/interop/settings-document';

describe('docs/settings.md', () => {
  it('is what the table of settings makes: npm run course -- stubs', () => {
    const file = path.join(__dirname, '..', '..', '..', 'docs', 'settings.md');
    expect(fs.readFileSync(file, 'utf8')).toBe(settingsDocument());
  });
});
