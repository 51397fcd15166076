/** The vocabulary of the package. Types only; imports nothing of ours. */

/** Undoes one change. Calling it again does nothing. */
export type Restore = () => void;

/**
 * What kind of call it was: the `operation` property of the event.
 *
 * @experimental
 */
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
  | 'token_count'
  | 'prediction'
  | 'function'
  | 'tool'
  | 'agent'
  | 'retrieval';

/** How a call ended: the `outcome` property of the event. */
export type Outcome = 'ok' | 'error' | 'cancelled' | 'aborted' | 'abandoned' | 'incomplete' | 'raw';

/**
 * Text that was cut while it was read: its beginning, and how long it was (UTF-16 code units).
 *
 * @experimental
 */
export interface Text {
  text: string;
  length: number;
  /** It is longer than `length` says: how long was not measured. */
  isLonger?: boolean | undefined;
}

/**
 * How much text a reader has to keep, in characters and messages. Nothing longer is ever copied.
 *
 * @experimental
 */
export interface Limits {
  readonly messages: number;
  readonly message: number;
  readonly prompt: number;
  readonly response: number;
}

/**
 * Token counts under one meaning for every provider: input includes cached tokens, output includes reasoning.
 *
 * @experimental
 */
export interface Usage {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  totalTokens?: number | undefined;
  cachedInputTokens?: number | undefined;
  cacheCreationInputTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  audioInputTokens?: number | undefined;
  audioOutputTokens?: number | undefined;
  /** What follows is no property of the event: only what a call costs depends on it. A part of what was created. */
  cacheCreation1hInputTokens?: number | undefined;
  /** A part of the cached tokens, and of the audio tokens. */
  cachedAudioInputTokens?: number | undefined;
  imageInputTokens?: number | undefined;
  imageOutputTokens?: number | undefined;
  /** Where less is billed than went through the model. */
  billedInputTokens?: number | undefined;
  billedOutputTokens?: number | undefined;
  /** Searches of the web that the provider ran. */
  webSearches?: number | undefined;
  /** Where the model had to run, if that costs more than anywhere. */
  inferenceRegion?: string | undefined;
  /** Something else was charged for: a tool that the provider ran, or a faster mode. */
  hasOtherCharges?: true | undefined;
}

/**
 * One message of a conversation.
 *
 * @experimental
 */
export interface MessageFacts {
  readonly role?: string | undefined;
  readonly content?: Text | undefined;
}

/**
 * What we learnt from the arguments of a call. Absent means: not there.
 *
 * @experimental
 */
export interface RequestFacts {
  /** What kind of call it was, where the arguments say so and not the method. */
  operation?: Operation | undefined;
  model?: string | undefined;
  streaming?: boolean | undefined;
  messages?: readonly MessageFacts[] | undefined;
  messageCount?: number | undefined;
  /** The last message is not the user's: an agent goes on with what a tool gave back, or the model with its own words. */
  goesOn?: true | undefined;
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
  /** What follows is no property of the event: only what a call costs depends on it. The tier that was asked for. */
  askedTier?: string | undefined;
  /** Where the call was sent to. It may be filled in while the call goes on: AWS clients say it in a promise. */
  place?: { readonly region?: string | undefined } | undefined;
}

/**
 * One call of a tool that the model asked for.
 *
 * @experimental
 */
export interface ToolCallFacts {
  /** Where the provider counts this call, so that the deltas of parallel calls do not merge. */
  readonly index: number;
  /** The provider's own name for this call, where deltas are told apart by that. */
  id?: string | undefined;
  name?: string | undefined;
  arguments: Text;
}

/**
 * One answer of a call; a call with `n: 2` has two.
 *
 * @experimental
 */
export interface OutputFacts {
  text?: Text | undefined;
  toolCalls?: ToolCallFacts[] | undefined;
  finishReason?: string | undefined;
}

/**
 * What went wrong, as the provider or the SDK says it.
 *
 * @experimental
 */
export interface ErrorFacts {
  readonly message?: Text | undefined;
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryCount?: number | undefined;
}

/**
 * What we learnt from an answer, whole or chunk by chunk. The accumulator of a stream is one of these, mutated.
 *
 * @experimental
 */
export interface ResponseFacts {
  /** What kind of call it was, where only the answer says so. */
  operation?: Operation | undefined;
  model?: string | undefined;
  id?: string | undefined;
  outputs?: OutputFacts[] | undefined;
  usage?: Usage | undefined;
  serviceTier?: string | undefined;
  /** USD, where the response itself says it. */
  cost?: number | undefined;
  /** A gateway has answered from a cache of its own, with the usage of another call. */
  isFromCache?: true | undefined;
  /** Who served it, where the response itself says so. */
  provider?: string | undefined;
  /** A failure that the provider reports inside a successful answer. */
  failure?: ErrorFacts | undefined;
  /** Whether something generated was seen: text, reasoning or a tool call. */
  started?: boolean | undefined;
  /** Whether the provider's own mark of a finished answer was seen. */
  finished?: boolean | undefined;
}

/**
 * What a method resolved to, taken apart, where it is more than the answer: `{ data, rawResponse }`.
 *
 * @experimental
 */
export interface Answer extends Pick<GatewayFacts, 'provider'>, Pick<RequestFacts, 'askedTier'> {
  /** What `readResponse` is given; where it can be iterated asynchronously, it is watched as a stream. */
  readonly value: unknown;
  /** Puts the watched promise in the place of `value`, where `value` is a promise within the result. */
  replace?(watched: Promise<unknown>): void;
  /** The SDK itself reads `value` to its end beside the caller: reading ahead of the caller takes nothing from anybody. */
  readonly isReadAhead?: boolean | undefined;
  readonly status?: number | undefined;
  readonly headers?: HeadersLike | undefined;
  readonly requestId?: string | undefined;
  readonly retryCount?: number | undefined;
  /** What the answer can still be read from; once it was collected unread, the call was abandoned. */
  readonly holder?: object | undefined;
}

/** Reads what a callback was told into the facts of the call. */
export type Tell = (read: (facts: ResponseFacts, limits: Limits) => void) => void;

/**
 * `Headers`, or whatever else gives a header by its lower-case name.
 *
 * @experimental
 */
export interface HeadersLike {
  get(name: string): string | null | undefined;
}

/** What a gateway in front of the provider says in its headers: LiteLLM, Portkey, Cloudflare and others. */
export interface GatewayFacts {
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** The answer came from a cache of the gateway's own: nobody was paid for it. */
  readonly isFromCache?: true | undefined;
  /** USD. */
  readonly cost?: number | undefined;
}

/**
 * How to read one SDK method. Pure: fresh data out, nothing kept, nothing mutated but the facts, no clock.
 *
 * @experimental
 */
/* eslint-disable @typescript-eslint/no-explicit-any -- each patch narrows these to the types of its SDK */
export interface MethodReader<Request = any, Response = any, Chunk = any> {
  readonly operation: Operation;
  /** The public name of the method: `chat.completions.create`. */
  readonly method: string;
  /** `request` is the first argument; `args` are all of them, `self` is what the method was called on. */
  readRequest(request: Request, limits: Limits, args?: any, self?: any): RequestFacts;
  /** `soFar` has what callbacks were told, see `given`. */
  readResponse(response: Response, limits: Limits, soFar?: ResponseFacts): ResponseFacts;
  /** Folds one chunk into the facts so far; `chunks.reduce(readChunk, {})` equals `readResponse(whole)`. */
  readChunk?(soFar: ResponseFacts, chunk: Chunk, limits: Limits): ResponseFacts;
  /** Where the answer, the stream and the headers are in what the method resolves to; without it, that is the answer. */
  answerOf?(result: any, headers?: HeadersLike): Answer;
  /** The caller's abort signal; without it, the `signal` of the second argument. */
  signalOf?(args: readonly any[]): { readonly aborted: boolean } | undefined;
  /** Nothing but that signal aborts a call: an `AbortError` without it is how the SDK tells of a timeout of its own. */
  readonly timesOutByAbort?: true;
  /**
   * What the method is given in place of the caller's arguments, where more is to be seen that way: the same to the SDK
   * and on the wire. Without `tell` the call is not watched, but those that it makes are still not calls of their own.
   */
  given?(args: readonly any[], tell?: Tell): any[];
  /** The method is an async generator: nothing is sent before somebody asks it for a chunk. */
  readonly isLazy?: true;
  /** Its stream has no mark of the end that a reader could see: that it ends is the mark. */
  readonly endsUnmarked?: true;
  /** Which of the arguments is a callback `(error, result)`, for methods that then return nothing. */
  callbackAt?(args: readonly any[]): number | undefined;
}

/**
 * One method of a loaded SDK to be watched.
 *
 * @experimental
 */
export interface MethodPatch {
  /** The object that owns the method, usually a prototype. */
  readonly owner: object;
  readonly method: string;
  /**
   * Picks the reader for one call; undefined: not an LLM call, leave it alone.
   *
   * @param method - the public method that the call is part of, where a function with `enclosedIn` said so.
   */
  readerFor(args: readonly any[], self: any, method?: string): MethodReader | undefined;
  /** What is called within is part of this call: a model of the AI SDK may ask a vendor's SDK. */
  readonly encloses?: true;
  /** Not a call itself: the public method that this call is part of. */
  enclosedIn?(args: readonly any[]): string | undefined;
  /** Not a call itself: methods of what it was given or gives, to be watched from then on. */
  leadsTo?(args: readonly any[], result: unknown): readonly MethodPatch[];
}

/** An SDK that tells about its calls by itself: on a diagnostics channel, and to a global list of listeners. */
export interface Telemetry {
  /** The name of the tracing channel. */
  readonly channel: string;
  /** The property of `globalThis` with the listeners, made where it is not there. */
  readonly list: string;
  /** The public methods that it tells about. */
  readonly methods: readonly string[];
  /** Whether this copy of the SDK does so. */
  isSpokenBy(exports: any): boolean;
  /** The version of the SDK that told something. */
  versionOf(event: any): string | undefined;
  /** What a span on the channel is. */
  spanOf(message: any, method: string | undefined): TelemetrySpan;
  /** What it means when a listener is called, by its name. */
  readonly listener: Readonly<Record<string, (event: any) => TelemetryNote | undefined>>;
}

export interface TelemetrySpan {
  /** The public method that this is, or is part of; undefined: what is called within is no part of a call. */
  readonly method?: string | undefined;
  /** A call, where there is one. */
  readonly reader?: MethodReader | undefined;
  /** A whole operation: where the listener is told about the calls in it, those are the events, and this is none. */
  readonly isWhole?: boolean;
  /** The operation that this belongs to, in the words of the listener. */
  readonly group?: unknown;
}

/** What a listener was told. `key` is one call, `group` the operation that it belongs to. */
export type TelemetryNote =
  | { readonly kind: 'prepares'; readonly group: unknown; readonly request: object }
  | {
      readonly kind: 'begins';
      readonly key: unknown;
      readonly group: unknown;
      /** By what was prepared for the operation. */
      readonly reader: (prepared: any) => MethodReader;
      readonly request: object;
      /** Held by the SDK while the call goes on, where its end may not be told, nor where its code runs. */
      readonly holder?: unknown;
    }
  | { readonly kind: 'ends'; readonly key: unknown; readonly value: unknown }
  | { readonly kind: 'fails'; readonly group: unknown; readonly errors: readonly unknown[] }
  /** With a reason, somebody has stopped it, and with it the stream that was handed out last. */
  | { readonly kind: 'is over'; readonly group: unknown; readonly reason?: unknown };

/** Where an SDK tries again, so that retries inside one call can be counted. */
export interface RetryPoint {
  readonly owner: object;
  /** Called once per retry, with the options of the call: the same object for all its attempts. */
  readonly method: string;
}

/**
 * Where an SDK makes the function that sends one call, which resolves to `{ response, output }`: the response as it came
 * over HTTP, and the answer that was read from it. For an SDK whose answers do not say what the headers say.
 */
export interface ResponsePoint {
  readonly owner: object;
  readonly method: string;
}

/**
 * A helper of an SDK that copies what it is given before it calls a watched method: what was said of the original by
 * `annotate` holds for the calls that it makes.
 */
export interface CopyPoint {
  readonly owner: object;
  readonly method: string;
  /** It makes no calls, but resolves to the copy. */
  readonly givesCopy?: true;
}

/**
 * Everything the package knows about one SDK: data and pure functions.
 *
 * @experimental
 */
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
  /** The headers of the answers that pass here are what `answerOf` is given. */
  responsePoint?(exports: any): ResponsePoint | undefined;
  copyPoints?(exports: any): readonly CopyPoint[];
  /** What `methods` finds the methods of one client in; undefined: it is no client of this SDK, or has them for itself. */
  exportsOf?(client: any): unknown;
  /** The version that a class tells of itself, for copies that have no place on disk (bundles, `modules`). */
  versionOf?(exports: any): string | undefined;
  /** For an SDK that tells about its calls by itself. */
  readonly telemetry?: Telemetry;
  /** Who serves the calls of this client: the `provider` property of the event. */
  servedBy(self: any, args: readonly any[]): string | undefined;
  /** The framework that makes this call through the SDK: the `framework` property of the event. */
  frameworkOf?(self: any, args: readonly any[]): string | undefined;
  /** `provider` is what `servedBy` said, so that a call to a vendor does not pay for looking up headers. */
  readGateway?(headers: HeadersLike, provider: string | undefined): GatewayFacts | undefined;
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

/**
 * A plain JSON value, as far as an event holds one.
 *
 * @experimental
 */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The event as it is handed to `client.track`.
 *
 * @experimental
 */
export interface LlmEvent {
  event_type: string;
  event_properties: Record<string, JsonValue>;
  /** Milliseconds since the epoch. */
  time: number;
  insert_id: string;
  user_id?: string;
  device_id?: string;
  session_id?: number;
  groups?: Record<string, string | readonly string[]>;
  [field: string]: unknown;
}
