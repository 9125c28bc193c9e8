import { orderBytes } from '../../../../src/lab/order';
import type { Order } from '../../../../src/lab/order';
import type { Serializer } from '../../../../src/producer/index';

/** As a schema registry hands it out: text, about 3 KB of it. */
const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Order',
  fields: Array.from({ length: 30 }, (_, index) => ({
    name: `field${index}`,
    type: ['null', 'string'],
    default: null,
    doc: `What field ${index} is for.`,
  })),
});

/** Right bytes, and the mistake of the pitfall: what never changes is worked out again for every single record. */
export const schemaReadingSerializer: Serializer<Order> = {
  serialize(topic, data) {
    const schema = JSON.parse(SCHEMA) as { fields: unknown[] };
    if (schema.fields.length === 0) throw new Error(`The schema of ${topic} is empty.`);
    return data === null ? null : orderBytes(data);
  },
};
