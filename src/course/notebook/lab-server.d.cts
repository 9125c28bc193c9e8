import type { KafkaDescription } from '../../broker/course-kafka';

export declare function startLabServer(options: {
  readonly kafka: KafkaDescription;
  /** 0: any free one. */
  readonly port: number;
}): Promise<{ readonly url: string; close(): Promise<void> }>;
