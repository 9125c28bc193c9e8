// The process of one contender: takes one job from its parent, measures, answers, ends. It never outlives its parent,
// and whatever it started (Java, Python) never outlives it.
import { measureJava } from './clients/java';
import { measureKafkaJs } from './clients/kafkajs';
import { measureLibrdkafka } from './clients/librdkafka';
import { measureOurs } from './clients/ours';
import { measurePlatformaticArrays, measurePlatformaticStream } from './clients/platformatic';
import type { BenchJob, ContenderReply, Measurement } from './job';
import { readPayloadFile } from './payload-file';

function measure(job: BenchJob): Promise<Measurement> {
  const { client } = job.contender;
  // Whoever reads the file itself is not handed 16 MB of values that would count as its memory.
  if (client === 'java') return measureJava(job);
  if (client === 'librdkafka') return measureLibrdkafka(job);
  const values = readPayloadFile(job.payloadFile);
  switch (client) {
    case 'ours':
      return measureOurs(job, values);
    case 'kafkajs-single':
      return measureKafkaJs(job, values, { sends: 256, recordsPerSend: 1 });
    case 'kafkajs-arrays':
      return measureKafkaJs(job, values, { sends: 5, recordsPerSend: 1000 });
    case 'platformatic-arrays':
      return measurePlatformaticArrays(job, values);
    case 'platformatic-stream':
      return measurePlatformaticStream(job, values);
  }
}

async function replyTo(job: BenchJob): Promise<ContenderReply> {
  try {
    return { kind: 'measured', measurement: await measure(job) };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

process.on('disconnect', () => process.exit(1));
process.once('message', (job: BenchJob) => {
  void replyTo(job).then((reply) => process.send?.(reply, () => process.exit(0)));
});
