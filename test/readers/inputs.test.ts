import { embeddings, images, moderations, speech, transcriptions } from '../../src/patches/shared/inputs';
import { fold, limits, text } from './expect-facts';

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk';

describe('images', () => {
  const generate = images('images.generate');
  const usage = {
    input_tokens: 13,
    input_tokens_details: { image_tokens: 0, text_tokens: 13 },
    output_tokens: 272,
    total_tokens: 285,
  };
  const told = { inputTokens: 13, outputTokens: 272, totalTokens: 285, imageInputTokens: 0 };

  it('are marks with type and size, never the pictures, and the same in a stream', () => {
    const whole = { created: 1, output_format: 'webp', data: [{ b64_json: pixel }], usage };
    const chunks = [
      { type: 'image_generation.partial_image', b64_json: pixel, partial_image_index: 0, output_format: 'webp' },
      { type: 'image_generation.completed', b64_json: pixel, output_format: 'webp', usage },
    ];
    const { finished, ...streamed } = fold(generate, chunks);
    expect(finished).toBe(true);
    expect(streamed).toEqual(generate.readResponse(whole, limits));
    expect(streamed).toEqual({ started: true, usage: told, outputs: [{ text: text('[image/webp 45 B]') }] });
    expect(fold(images('images.edit'), [{ ...chunks[1], type: 'image_edit.completed' }]).usage).toEqual(told);
  });

  it('are generated from the first partial picture on, and from no other event', () => {
    expect(fold(generate, [{ type: 'image_generation.queued' }])).toEqual({});
    expect(fold(generate, [{ type: 'image_generation.partial_image' }])).toEqual({ started: true });
  });

  it('that are only linked have a mark each', () => {
    const whole = { data: [{ url: 'https://example.com/1.png' }, { url: 'https://example.com/2.png' }] };
    expect(generate.readResponse(whole, limits).outputs).toEqual([{ text: text('[image/png] [image/png]') }]);
  });

  it('are asked for with a prompt', () => {
    expect(generate.readRequest({ model: 'gpt-image-1', prompt: 'A cat', stream: true, n: 2 }, limits)).toEqual({
      model: 'gpt-image-1',
      streaming: true,
      input: text('A cat'),
      inputLength: 5,
    });
  });
});

describe('transcriptions', () => {
  const transcribe = transcriptions('audio.transcriptions.create', 'transcription');
  const usage = {
    type: 'tokens',
    input_tokens: 25,
    input_token_details: { text_tokens: 4, audio_tokens: 21 },
    output_tokens: 6,
    total_tokens: 31,
  };
  const told = { inputTokens: 25, outputTokens: 6, totalTokens: 31, audioInputTokens: 21 };

  it('are the same in a stream', () => {
    const chunks = [
      { type: 'transcript.text.delta', delta: 'Hello, ' },
      { type: 'transcript.text.delta', delta: 'friend.' },
      { type: 'transcript.text.segment', text: 'Hello, friend.' },
      { type: 'transcript.text.done', text: 'Hello, friend.', usage },
    ];
    const { finished, ...streamed } = fold(transcribe, chunks);
    expect(finished).toBe(true);
    expect(streamed).toEqual(transcribe.readResponse({ text: 'Hello, friend.', usage }, limits));
    expect(streamed).toEqual({ started: true, usage: told, outputs: [{ text: text('Hello, friend.') }] });
    expect(fold(transcribe, chunks.slice(-1)).outputs).toEqual([{ text: text('Hello, friend.') }]);
  });

  it('are a string in some formats, and have no tokens where time is billed', () => {
    expect(transcribe.readResponse('1\n00:00:00 Hi', limits).outputs).toEqual([{ text: text('1\n00:00:00 Hi') }]);
    const billed = transcribe.readResponse({ text: 'Hi', usage: { type: 'duration', seconds: 3 } }, limits);
    expect(billed.usage).toBeUndefined();
  });

  it('are asked for without a look at the file', () => {
    const file = untouchable();
    const request = { file, model: 'whisper-1', prompt: 'Names', response_format: 'srt', temperature: 0.5 };
    expect(transcribe.readRequest(request, limits)).toEqual({
      model: 'whisper-1',
      streaming: false,
      responseFormat: 'srt',
      temperature: 0.5,
      input: text('Names'),
      inputLength: 5,
    });
  });
});

describe('embeddings, moderations and speech', () => {
  it('read one input, many of them, and tokens', () => {
    const read = (input: unknown): unknown => embeddings.readRequest({ model: 'm', input } as never, limits);
    expect(read('one')).toEqual({ model: 'm', input: text('one'), inputLength: 3 });
    expect(read(['one', 'two'])).toEqual({ model: 'm', input: text('one\ntwo'), inputLength: 7, inputCount: 2 });
    expect(read([1, 2])).toEqual({ model: 'm', inputCount: 1 });
    expect(read([[1], [2], [3]])).toEqual({ model: 'm', inputCount: 3 });
    expect(read([])).toEqual({ model: 'm', inputCount: 0 });
  });

  it('do not look at the vectors', () => {
    const data = [untouchable()];
    const usage = { prompt_tokens: 7, total_tokens: 7 };
    expect(embeddings.readResponse({ model: 'm', data, usage } as never, limits)).toEqual({
      model: 'm',
      usage: { inputTokens: 7, totalTokens: 7 },
    });
  });

  it('show the parts of a moderated message', () => {
    const input = [
      { type: 'text', text: 'Is this' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
    ];
    expect(moderations.readRequest({ input } as never, limits)).toEqual({
      input: text('Is this\n[image/png 45 B]'),
      inputLength: 24,
      inputCount: 2,
    });
    expect(moderations.readResponse({ id: 'modr-1', model: 'm', results: [] }, limits)).toEqual({
      id: 'modr-1',
      model: 'm',
    });
  });

  it('leave the audio to the caller', () => {
    expect(
      speech.readRequest({ model: 'tts-1', voice: 'alloy', input: 'Say it', response_format: 'mp3' }, limits),
    ).toEqual({
      model: 'tts-1',
      input: text('Say it'),
      inputLength: 6,
      responseFormat: 'mp3',
    });
    expect(speech.readResponse(new Response('audio'), limits)).toEqual({});
  });
});

/** Throws where anybody looks at it. */
function untouchable(): object {
  return new Proxy(
    {},
    {
      get(...[, property]: [object, PropertyKey]) {
        throw new Error(`somebody looked at ${String(property)}`);
      },
    },
  );
}
