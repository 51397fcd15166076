/**
 * What the names of errors, codes, reasons, tiers and formats are made of, at every vendor and in Node: nothing of a
 * prompt, an answer or a stop sequence can be among what consists of these words only.
 */
const words: ReadonlySet<string> = new Set(
  `
  access account accounts aggregate allowed altname api argument arguments auth authentication authorization bad balance
  billing body busy cert certificate chain chunk client code conflict connect connection country credentials credit
  credits data deadline decode denied dependency depth deployment deprecated deserialization disabled dns dom downstream
  duplicate empty encoding endpoint engine entity err error errors eval event exceeded exceeds exception exhausted exists
  already expired external failed failure fetch field file forbidden found funds gateway generic has header headers host
  http https idempotency identity inactive incorrect insufficient internal invalid io issuer key large leaf limit limited
  limits loading local long loss lookup malformed many media message messages method missing model models modified name
  network not null number object of operation or organization out parameter parameters param parse parser parsing path
  payload payment pending permanent permission permissions policy precondition project protocol provider proxy quota range
  rate read ready redirect reference refused region request required reset resolution resource response retry retries
  revoked root security self serialization server service session setup signature signed size socket ssl status string
  symbol syntax system teapot temporarily temporary throttled throttling timed timeout tls token tokens too type
  unable unauthenticated unauthorized unavailable und undefined unexpected unimplemented unknown unprocessable unrecognized
  unreachable unsupported update upstream uri url usage used user validation value verify version violation write zero
  above close deactivated decommissioned generated hard hub open premature reached requests store such territory validate vector
  webhook boolean bigint http2 aborted abort aborting no a an in is the to with without from for at by and

  eaddrinuse eaddrnotavail eai again eacces ebusy econnaborted econnrefused econnreset ehostdown ehostunreach eisdir emfile
  enetdown enetreset enetunreach enfile enobufs enoent enotconn enotfound eperm epipe eproto esocket etimedout

  ai anthropic aws azure bedrock cerebras cloudflare cohere deepseek gemini generative google groq helicone hf hugging
  face huggingface inference litellm mistral ollama openai openrouter portkey replicate runtime sdk together typed undici
  vercel vertex xai zod promise operational gaxios

  blocked blocklist block call calls cancel canceled cancelled compaction complete completed completion content context done
  end eos eot filter filtered finish finished flagged function functions guardrail guardrails image images incomplete
  intervened jailbreak language length load max maximum min minimum moderation multiple options other output input
  overload overloaded pause paused progress prohibited prompt queue queued reason recitation refusal refused repetition
  result role safety sequence sequences spii starting succeeded stop stopped stopping stream streaming success tool tools
  toxic toxicity turn unload unspecified use window schema processing recursion

  auto batch default demand dynamic fast flex latency normal on only optimized performance priority provisioned regular
  reserved scale standard throughput tier traffic

  adaptive high level low medium minimal none off thinking xhigh effort budget enabled true false

  aac application array b64 base64 choice diarized enum flac format g711 grammar jpeg json jsonl lark list markdown mp3 mp4
  mpeg mulaw ogg opus pcm pcm16 plain png python raw regex regexp srt text ulaw verbose vtt wav webm webp x xml yaml
  audio video binary sse
  `
    .trim()
    .split(/\s+/),
);

const longestName = 64;
/** Names come again and again; more different ones than this are looked at anew. */
const mostKept = 256;
const kept = new Map<string, boolean>();

/** Whether a name is made of known words alone: `context_length_exceeded`, `APIConnectionError`, `429`. */
export function isKnownName(name: string): boolean {
  if (name.length > longestName) return false;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const isKnown =
    form.test(name) && partsOf(name).every((part, at, parts) => words.has(part) || isCode(part, at, parts));
  if (kept.size >= mostKept) kept.clear();
  kept.set(name, isKnown);
  return isKnown;
}

/** With a slash or a point only types of media, `text/x.enum`: `payment.json` is a file. */
const form = /^(?:(?:application|audio|image|text|video)\/(?:x\.)?)?[\w:-]+$/;

/** `429`, `ERR_400`. What has several numbers, or a long one, is a phone, a date, an address. */
function isCode(part: string, at: number, parts: readonly string[]): boolean {
  if (parts.length === 1) return /^\d{1,5}$/.test(part);
  return /^\d{1,3}$/.test(part) && /^[a-z]/.test(parts[at - 1] ?? '');
}

/** `invalid_request_error`, `application/json`, `RateLimitError`, `HTTPValidationError`. A space makes it no name. */
function partsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[-_./:]/);
}
