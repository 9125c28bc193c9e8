import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { LoadIsRunning } from './lab-producers';

/** One sentence, and the status that goes with it. */
export function replyWithError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = statusOf(error);
  return reply.status(status).send({ error: sentenceOf(error, request) });
}

function statusOf(error: FastifyError): number {
  if (error.validation !== undefined) return 400;
  if (error instanceof LoadIsRunning) return 409;
  const { statusCode = 500 } = error;
  // What is wrong with a body (no JSON, another type, too long) is bad input, whatever its own number.
  return statusCode === 413 || statusCode === 415 ? 400 : statusCode;
}

interface Violation {
  readonly instancePath?: string;
  readonly keyword?: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

function sentenceOf(error: FastifyError, request: FastifyRequest): string {
  const [violation] = (error.validation ?? []) as readonly Violation[];
  if (violation !== undefined) return describeViolation(violation, error.validationContext, request);
  if (error instanceof LoadIsRunning) return error.message;
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
    return 'The body must be JSON, with the header Content-Type: application/json.';
  }
  if ((error.statusCode ?? 500) < 500) return `The request cannot be read: ${error.message}.`;
  return `The lab could not do this: ${error.message}`;
}

/** "count must be <= 1000000, not 9999999." */
function describeViolation(
  { instancePath = '', keyword, message = 'is not valid', params = {} }: Violation,
  context: string | undefined,
  request: FastifyRequest,
): string {
  const name = instancePath.replace(/^\//, '').replaceAll('/', '.');
  const where = context === 'querystring' ? 'query' : (context ?? 'request');
  if (keyword === 'additionalProperties') {
    return `The ${where} has ${JSON.stringify(params['additionalProperty'])}, which this path does not know.`;
  }
  if (keyword === 'required') return `The ${where} has no ${JSON.stringify(params['missingProperty'])}.`;
  if (name === '') return `The ${where} ${message}.`;
  const source = (context === 'querystring' ? request.query : request.body) as Readonly<
    Record<string, unknown>
  >;
  const given = source?.[name];
  return `${name} must be ${wanted({ keyword, params, message })}, not ${JSON.stringify(given)}.`;
}

function wanted({ keyword, params = {}, message = 'valid' }: Violation): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'minimum':
      return `at least ${limit}`;
    case 'maximum':
      return `at most ${limit}`;
    case 'minLength':
      return `at least ${limit} characters long`;
    case 'maxLength':
      return `at most ${limit} characters long`;
    case 'enum':
      return `one of ${(params['allowedValues'] as string[]).join(', ')}`;
    case 'type':
      return params['type'] === 'integer' ? 'a whole number' : `of type ${String(params['type'])}`;
    default:
      return message.replace(/^must be /, '');
  }
}
