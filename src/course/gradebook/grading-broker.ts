import { startKafka, useKafka } from '../../broker/index';
import type { CourseKafka } from '../../broker/index';
import { CourseError } from '../../support/course-error';
import { brokerResponds } from '../grading/broker-health';

/** The broker of a whole class: looked after between two submissions, and replaced when it has gone. */
export class GradingBroker {
  #kafka: Promise<CourseKafka> | undefined;

  constructor(private readonly say: (what: string) => void) {}

  /** One that responds just now. @throws CourseError when none can be started */
  async use(): Promise<CourseKafka> {
    this.#kafka ??= useKafka({ onProgress: this.say });
    // Two jobs that meet a dead broker wait for the same new one.
    this.#kafka = this.#kafka.then((kafka) => this.#orAnother(kafka));
    return this.#kafka;
  }

  async stop(): Promise<void> {
    const kafka = await this.#kafka?.catch(() => undefined);
    await kafka?.stop().catch(() => undefined);
  }

  async #orAnother(kafka: CourseKafka): Promise<CourseKafka> {
    if (await brokerResponds(kafka)) return kafka;
    this.say(`the broker at ${kafka.bootstrapServers} does not respond: looking for another one`);
    await kafka.stop().catch(() => undefined); // it is gone already, or hangs and is ended by its guard
    const shared = await useKafka({ onProgress: this.say });
    if (await brokerResponds(shared)) return shared;
    if (shared.kind === 'external') {
      throw new CourseError(
        `The cluster at ${shared.bootstrapServers} does not respond: see to it, and call the same command again.`,
        'BROKER',
      );
    }
    // What the environment or `npm run kafka` has published is the one that is gone.
    return startKafka({ onProgress: this.say });
  }
}
