import OpenAI, { APIConnectionError, APIUserAbortError, RateLimitError } from 'openai';
import Anthropic from '@anthropic-ai/sdk';
import { isAbort, readError } from '../src/read-error';
import type { ErrorFacts } from '../src/types';

const headers = new Headers({ 'x-request-id': 'req_1', 'request-id': 'req_1' });

class Custom extends Error {
  code = 'E_CUSTOM';
}

describe('what an error tells', () => {
  it.each<[string, unknown, ErrorFacts]>([
    [
      'an error status of OpenAI',
      OpenAI.APIError.generate(
        429,
        { error: { message: 'slow down', type: 'requests', code: 'rate_limit_exceeded' } },
        undefined,
        headers,
      ),
      {
        message: { text: '429 slow down', length: 13 },
        type: 'RateLimitError',
        code: 'rate_limit_exceeded',
        status: 429,
        requestId: 'req_1',
      },
    ],
    [
      'an error status of Anthropic',
      Anthropic.APIError.generate(
        529,
        { type: 'error', error: { type: 'overloaded_error', message: 'busy' } },
        undefined,
        headers,
      ),
      expect.objectContaining({ type: 'OverloadedError', code: 'overloaded_error', status: 529, requestId: 'req_1' }),
    ],
    [
      'an error status of Mistral, whose body is text',
      {
        ...{
          name: 'SDKError',
          statusCode: 400,
          body: '{"object":"error","message":"no","type":"invalid","code":"3051"}',
        },
        headers: new Headers({ 'mistral-correlation-id': 'corr_1' }),
      },
      expect.objectContaining({ type: 'SDKError', code: '3051', status: 400, requestId: 'corr_1' }),
    ],
    [
      'an error status of Cohere, whose headers are in the raw response',
      {
        ...{ name: 'TooManyRequestsError', statusCode: 429, body: { message: 'slow down', code: 'limit' } },
        rawResponse: { status: 429, headers: new Headers({ 'x-debug-trace-id': 'trace_1' }) },
      },
      expect.objectContaining({ code: 'limit', status: 429, requestId: 'trace_1' }),
    ],
    ['a body that is no JSON', { body: '{"code":', statusCode: 502 }, { status: 502 }],
    // PostHog and others reported status 500 for a connection that was refused.
    [
      'a refused connection, which has no status',
      new APIConnectionError({ cause: Object.assign(new Error('fetch failed'), { cause: { code: 'ECONNREFUSED' } }) }),
      expect.objectContaining({ type: 'APIConnectionError', code: 'ECONNREFUSED', status: undefined }),
    ],
    [
      'an error that holds the response, as Replicate has them',
      Object.assign(new Error('no'), { response: new Response('', { status: 422, headers }) }),
      { message: { text: 'no', length: 2 }, type: 'Error', status: 422, requestId: 'req_1' },
    ],
    [
      'an error that says what was answered, as Hugging Face has them',
      Object.assign(new Error('no'), { httpResponse: { status: 404, requestId: 'req_1', body: {} } }),
      { message: { text: 'no', length: 2 }, type: 'Error', status: 404, requestId: 'req_1' },
    ],
    [
      'an error that was answered without an id',
      Object.assign(new Error('no'), { httpResponse: { status: 404, requestId: '' }, response: { status: 'odd' } }),
      { message: { text: 'no', length: 2 }, type: 'Error', status: 404 },
    ],
    [
      'an error of the application',
      new Custom('mine'),
      { message: { text: 'mine', length: 4 }, type: 'Custom', code: 'E_CUSTOM' },
    ],
    [
      'a plain object',
      { name: 'Oops', message: 'plain', status: 400 },
      { message: { text: 'plain', length: 5 }, type: 'Oops', status: 400 },
    ],
    ['a string', 'just text', { message: { text: 'just text', length: 9 }, type: 'string' }],
    ['undefined', undefined, { type: 'undefined' }],
    ['a number', 7, { type: 'number' }],
    ['an object without a prototype', Object.create(null), {}],
    ['fields of other types', { message: 5, code: 6, status: '400', name: 7 }, { code: '6' }],
  ])('%s', (...[, error, facts]) => {
    expect(readError(error, 100)).toEqual(facts);
  });

  it('reads no more of a message than may be sent', () => {
    const message = readError(new Error('x'.repeat(10_000_000)), 500).message;
    expect(message?.text).toHaveLength(500);
    expect(message?.length).toBe(10_000_000);
  });
});

describe('a call that somebody stopped', () => {
  it.each<[string, unknown, boolean]>([
    ['APIUserAbortError', new APIUserAbortError(), true],
    ['AbortError', new DOMException('stop', 'AbortError'), true],
    ['a rate limit', new RateLimitError(429, {}, 'slow', headers), false],
    ['a timeout', new OpenAI.APIConnectionTimeoutError(), false],
    ['a string', 'AbortError', false],
    ['nothing', undefined, false],
    ['null', null, false],
  ])('is told by %s: %s', (...[, error, expected]) => {
    expect(isAbort(error)).toBe(expected);
  });
});
