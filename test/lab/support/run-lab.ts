import { runLabCommand } from '../../../src/lab/server/index';

void runLabCommand({ port: 0 });
