import type { Order } from '../../../src/lab/order';
import { JsonSerializer } from '../../../src/producer/index';
import type { Serializer } from '../../../src/producer/index';

// The course's own serializer, which does the same.
export const orderSerializer: Serializer<Order> = new JsonSerializer<Order>();
