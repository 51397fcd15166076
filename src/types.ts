/** The vocabulary of the package. Types only; imports nothing of ours. */

/** Undoes one change. Calling it again does nothing. */
export type Restore = () => void;

/** What kind of call it was: the `operation` property of the event. */
export type Operation =
  | 'chat_completion'
  | 'text_completion'
  | 'embedding'
  | 'image_generation'
  | 'transcription'
  | 'translation'
  | 'speech'
  | 'moderation'
  | 'rerank'
  | 'token_count';

/** How a call ended: the `outcome` property of the event. */
export type Outcome = 'ok' | 'error' | 'cancelled' | 'aborted' | 'abandoned' | 'incomplete' | 'raw';

/** Text that was cut while it was read: its beginning, and how long it was (UTF-16 code units). */
export interface Text {
  text: string;
  length: number;
}

/** How much text a reader has to keep, in characters and messages. Nothing longer is ever copied. */
export interface Limits {
  readonly messages: number;
  readonly message: number;
  readonly prompt: number;
  readonly response: number;
}

/** Token counts under one meaning for every provider: input includes cached tokens, output includes reasoning. */
export interface Usage {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  totalTokens?: number | undefined;
  cachedInputTokens?: number | undefined;
  cacheCreationInputTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  audioInputTokens?: number | undefined;
  audioOutputTokens?: number | undefined;
}

export interface MessageFacts {
  readonly role?: string | undefined;
  readonly content?: Text | undefined;
}

/** What we learnt from the arguments of a call. Absent means: not there. */
export interface RequestFacts {
  model?: string | undefined;
  streaming?: boolean | undefined;
  messages?: readonly MessageFacts[] | undefined;
  messageCount?: number | undefined;
  input?: Text | undefined;
  inputCount?: number | undefined;
  /** Characters of all messages, or of the input, before cutting. */
  inputLength?: number | undefined;
  toolCount?: number | undefined;
  temperature?: number | undefined;
  topP?: number | undefined;
  maxTokens?: number | undefined;
  stopSequenceCount?: number | undefined;
  seed?: number | undefined;
  responseFormat?: string | undefined;
  reasoningEffort?: string | undefined;
}

export interface ToolCallFacts {
  /** Where the provider counts this call, so that the deltas of parallel calls do not merge. */
  readonly index: number;
  name?: string | undefined;
  arguments: Text;
}

/** One answer of a call; a call with `n: 2` has two. */
export interface OutputFacts {
  text?: Text | undefined;
  toolCalls?: ToolCallFacts[] | undefined;
  finishReason?: string | undefined;
}

/** What went wrong, as the provider or the SDK says it. */
export interface ErrorFacts {
  readonly message?: Text | undefined;
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
}

/** What we learnt from an answer, whole or chunk by chunk. The accumulator of a stream is one of these, mutated. */
export interface ResponseFacts {
  model?: string | undefined;
  id?: string | undefined;
  outputs?: OutputFacts[] | undefined;
  usage?: Usage | undefined;
  serviceTier?: string | undefined;
  /** USD, where the response itself says it. */
  cost?: number | undefined;
  /** A failure that the provider reports inside a successful answer. */
  failure?: ErrorFacts | undefined;
  /** Whether something generated was seen: text, reasoning or a tool call. */
  started?: boolean | undefined;
  /** Whether the provider's own mark of a finished answer was seen. */
  finished?: boolean | undefined;
}

/** What a method resolved to, taken apart, where it is more than the answer: `{ data, rawResponse }`. */
export interface Answer {
  /** What `readResponse` is given; where it can be iterated asynchronously, it is watched as a stream. */
  readonly value: unknown;
  /** Puts the watched promise in the place of `value`, where `value` is a promise within the result. */
  replace?(watched: Promise<unknown>): void;
  readonly status?: number | undefined;
  readonly headers?: HeadersLike | undefined;
  readonly requestId?: string | undefined;
  readonly retryCount?: number | undefined;
}

/** `Headers`, or whatever else gives a header by its lower-case name. */
export interface HeadersLike {
  get(name: string): string | null | undefined;
}

/** What a gateway in front of the provider says in its headers: LiteLLM, Portkey, Cloudflare and others. */
export interface GatewayFacts {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** USD. */
  readonly cost?: number | undefined;
}

/** How to read one SDK method. Pure: fresh data out, nothing kept, nothing mutated but the facts, no clock. */
/* eslint-disable @typescript-eslint/no-explicit-any -- each patch narrows these to the types of its SDK */
export interface MethodReader<Request = any, Response = any, Chunk = any> {
  readonly operation: Operation;
  /** The public name of the method: `chat.completions.create`. */
  readonly method: string;
  /** `request` is the first argument; `args` are all of them, `self` is what the method was called on. */
  readRequest(request: Request, limits: Limits, args?: any, self?: any): RequestFacts;
  readResponse(response: Response, limits: Limits): ResponseFacts;
  /** Folds one chunk into the facts so far; `chunks.reduce(readChunk, {})` equals `readResponse(whole)`. */
  readChunk?(soFar: ResponseFacts, chunk: Chunk, limits: Limits): ResponseFacts;
  /** Where the answer, the stream and the headers are in what the method resolves to; without it, that is the answer. */
  answerOf?(result: any): Answer;
  /** The caller's abort signal; without it, the `signal` of the second argument. */
  signalOf?(args: readonly any[]): AbortSignal | undefined;
  /** Which of the arguments is a callback `(error, result)`, for methods that then return nothing. */
  callbackAt?(args: readonly any[]): number | undefined;
}

/** One method of a loaded SDK to be watched. */
export interface MethodPatch {
  /** The object that owns the method, usually a prototype. */
  readonly owner: object;
  readonly method: string;
  /** Picks the reader for one call; undefined: not an LLM call, leave it alone. */
  readerFor(args: readonly any[], self: any): MethodReader | undefined;
}

/** Where an SDK sends its HTTP attempts, so that retries inside one call can be counted. */
export interface RetryPoint {
  readonly owner: object;
  /** Called synchronously inside the traced method, with a promise of the request options. */
  readonly first: string;
  /** Called once per retry, with those same request options. */
  readonly again: string;
}

/** Everything the package knows about one SDK: data and pure functions. */
export interface ProviderPatch {
  /** What users write in `providers`. */
  readonly name: string;
  /** The npm package whose loading triggers the patch. */
  readonly module: string;
  /** The range of versions that the contract suite runs against; never used to decide at run time. */
  readonly versions: string;
  /** Files of the package, without extension, whose exports reach the patched classes. */
  readonly entryFiles: readonly string[];
  methods(exports: any): readonly MethodPatch[];
  retryPoint?(exports: any): RetryPoint | undefined;
  /** The version that a class tells of itself, for copies that have no place on disk (bundles, `modules`). */
  versionOf?(exports: any): string | undefined;
  /** Who serves the calls of this client: the `provider` property of the event. */
  servedBy(self: any, args: readonly any[]): string | undefined;
  /** The framework that makes this call through the SDK: the `framework` property of the event. */
  frameworkOf?(self: any, args: readonly any[]): string | undefined;
  readGateway?(headers: HeadersLike): GatewayFacts | undefined;
  /**
   * Functions that no object owns, by entry file: they are replaced in the scope of the file itself, where the load
   * hook can do so, and `functionMethods` says which of them are watched.
   */
  readonly functions?: Readonly<Record<string, readonly string[]>>;
  /** `holder` has the functions of one file as its properties: what is put there is what the package calls. */
  functionMethods?(holder: any, file: string): readonly MethodPatch[];
}
/* eslint-enable @typescript-eslint/no-explicit-any */

/** One loaded copy of an SDK. */
export interface SdkCopy {
  readonly sdk: string;
  readonly version?: string | undefined;
  readonly format: 'commonjs' | 'module' | 'given';
  /** The folder of the package, or how it came to us. */
  readonly place: string;
}

/** The place of a call within a trace; 32 and 16 hexadecimal digits as in W3C trace context. */
export interface LlmContext {
  readonly traceId?: string | undefined;
  readonly parentSpanId?: string | undefined;
}

/** One finished call: the one record that crosses the middle of the house. */
export interface LlmOperation {
  readonly provider?: string | undefined;
  readonly framework?: string | undefined;
  readonly sdk: string;
  readonly sdkVersion?: string | undefined;
  readonly operation: Operation;
  readonly method: string;
  readonly request: RequestFacts;
  readonly response: ResponseFacts;
  readonly outcome: Outcome;
  readonly error?: ErrorFacts | undefined;
  readonly streaming: boolean;
  /** Milliseconds since the epoch at which the call began. */
  readonly startedAt: number;
  /** Milliseconds from the call to its end, without the time in which nobody asked for the answer. */
  readonly latency?: number | undefined;
  /** Milliseconds from the call to the first generated chunk of a stream. */
  readonly timeToFirstToken?: number | undefined;
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryCount?: number | undefined;
  readonly context: LlmContext;
}

/** The effects of tracing, as one argument. */
export interface Tracer {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  readonly limits: Limits;
  /** False when this call was not drawn by `sampleRate`. */
  sampled(): boolean;
  context(): LlmContext;
  /** Calls that have begun and not ended, so that they can be reported when the process ends. */
  readonly open: Set<{ abandon(): void }>;
  report(operation: LlmOperation): void;
}

/** A plain JSON value, as far as an event holds one. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The event as it is handed to `client.track`. */
export interface LlmEvent {
  event_type: string;
  event_properties: Record<string, JsonValue>;
  /** Milliseconds since the epoch. */
  time: number;
  insert_id: string;
  user_id?: string;
  device_id?: string;
  groups?: Record<string, string | readonly string[]>;
  [field: string]: unknown;
}
