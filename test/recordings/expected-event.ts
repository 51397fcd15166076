import type { Recording } from './replay-server';
import { eventsOf, tell, type Told, type ToldCall } from './wire';

/* eslint-disable @typescript-eslint/no-explicit-any -- request bodies of any provider */

type Properties = Record<string, unknown>;

/** The properties that the event of a recording has to have, by the wire alone; undefined: it must not have this one. */
export function expectedEvent(recording: Recording): Properties {
  const isOk = recording.response.status === 200;
  const told = isOk ? tell(recording, eventsOf(recording)) : { texts: [], reasons: [] };
  return {
    ...expectedRequest(recording),
    ...expectedAnswer(told),
    ...(isOk ? expectedOutcome(told) : expectedError(recording)),
    http_status: recording.response.status,
    request_id: requestId(recording.response.headers),
  };
}

/** What was asked. */
export function expectedRequest({ request, kind }: Recording): Properties {
  const body = request.body ?? request.form;
  const conversation: any[] | undefined = body.messages ?? (kind === 'responses' ? asList(body.input) : undefined);
  const plain: unknown = body.prompt ?? (conversation ? undefined : body.input);
  return {
    model: body.model,
    streaming: body.stream === true,
    message_count: conversation?.length,
    ...(conversation && { messages: conversation.slice(-5).map(expectedMessage) }),
    input: typeof plain === 'string' ? cut(plain, 500) : asList(plain) && cut((plain as string[]).join('\n'), 500),
    input_count: asList(plain)?.length,
    tool_count: body.tools?.length ?? body.functions?.length,
    temperature: numberOf(body.temperature),
    top_p: numberOf(body.top_p),
    max_tokens: body.max_completion_tokens ?? body.max_tokens ?? body.max_output_tokens ?? body.max_tokens_to_sample,
    stop_sequence_count: asList(body.stop ?? body.stop_sequences)?.length ?? (body.stop ? 1 : undefined),
    seed: numberOf(body.seed),
    response_format: formatOf(kind, body),
    reasoning_effort: body.reasoning_effort ?? body.reasoning?.effort ?? body.output_config?.effort,
  };
}

/** What was answered. */
export function expectedAnswer(told: Told): Properties {
  const { texts, calls = [], tokens = {} } = told;
  const reasons = [...new Set(told.reasons.filter(Boolean))];
  return {
    response_model: told.model,
    response_id: told.id,
    output: texts.length > 0 ? cut(texts.join('\n'), 500) : undefined,
    output_length: texts.length > 0 ? texts.join('').length : undefined,
    tool_call_count: calls.length > 0 ? calls.length : undefined,
    tool_calls: calls.length > 0 ? calls.map(expectedCall) : undefined,
    finish_reason: reasons.length > 0 ? reasons.join(',') : undefined,
    service_tier: told.tier ?? undefined,
    input_tokens: tokens['input'] ?? undefined,
    output_tokens: tokens['output'] ?? undefined,
    total_tokens: tokens['total'] ?? undefined,
    cached_input_tokens: tokens['cached'] ?? undefined,
    cache_creation_input_tokens: tokens['created'] ?? undefined,
    reasoning_tokens: tokens['reasoning'] ?? undefined,
    audio_input_tokens: tokens['audioInput'] ?? undefined,
    audio_output_tokens: tokens['audioOutput'] ?? undefined,
    // What no provider says is worked out by a table of prices, which test/cost holds to the published ones.
    ...(told.cost !== undefined && { cost: told.cost }),
    cost_source: told.cost === undefined ? expect.not.stringMatching('provider') : 'provider',
  };
}

function expectedOutcome({ failure }: Told): Properties {
  if (!failure) return { outcome: 'ok', error: undefined, error_type: undefined, error_code: undefined };
  return { outcome: 'error', error: expect.stringContaining(failure.message), error_type: 'APIError' };
}

const classes: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
};

function expectedError({ response }: Recording): Properties {
  const { message, code, type } = response.body.error;
  return {
    outcome: 'error',
    error: expect.stringContaining(message),
    error_type: classes[response.status],
    error_code: code ?? type,
  };
}

function requestId(headers: Record<string, string>): string | undefined {
  return headers['x-request-id'] ?? headers['request-id'] ?? headers['apim-request-id'];
}

function expectedCall({ name, arguments: text }: ToldCall): Properties {
  return { ...(name !== undefined && { name }), arguments: cut(text, 200) };
}

/** Parts of a message are described in the tests of the readers; here it is enough that they are said in words. */
function expectedMessage({ role, content }: any): unknown {
  const said = typeof content === 'string' && content !== '' ? cut(content, 200) : expect.any(String);
  return role === undefined ? { content: said } : { role, content: said };
}

function formatOf(kind: string, body: any): string | undefined {
  if (kind.startsWith('audio.')) return body.response_format;
  return body.response_format?.type ?? body.text?.format?.type ?? body.output_config?.format?.type;
}

function asList(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
