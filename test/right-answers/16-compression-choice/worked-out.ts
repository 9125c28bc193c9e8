import type { CompressionType } from '../../../src/producer/index';

type Aim = 'bytes' | 'speed' | 'nothing to gain';

const codecFor = (aim: Aim): CompressionType =>
  aim === 'bytes' ? 'zstd' : aim === 'speed' ? 'snappy' : 'none';

// From each aim, in an object that nobody can change.
export const choices = Object.freeze({
  photos: codecFor('nothing to gain'),
  metrics: codecFor('speed'),
  orders: codecFor('bytes'),
});
