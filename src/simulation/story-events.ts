import type { RunRecord } from './run-record';
import type { StoryEvent } from './story-event';
import { calls, sends, told } from './story-of-code';
import { lookupEvents, requestEvents } from './story-of-network';
import { disturbanceEvents, tracedEvents } from './story-of-traces';

/** Everything of a run that a story may tell, in the order in which it happened. */
export function storyEvents(run: RunRecord): StoryEvent[] {
  const names = new StoryNames(run.producers.length);
  const events = [
    ...run.producers.flatMap((producer) => [
      ...sends(producer, names),
      ...calls(producer, names),
      ...told(producer, names),
      ...requestEvents(producer, names),
      ...lookupEvents(producer, names),
    ]),
    ...tracedEvents(run, names),
    ...disturbanceEvents(run),
  ];
  return events.sort((a, b) => a.order - b.order);
}

/** Subjects of the sentences. */
export class StoryNames {
  constructor(private readonly producers: number) {}

  code(index: number): string {
    return this.producers === 1 ? 'Your code' : `Your code ${index + 1}`;
  }

  producer(index: number): string {
    return this.producers === 1 ? 'The producer' : `Producer ${index + 1}`;
  }
}
