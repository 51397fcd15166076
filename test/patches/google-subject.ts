import { versionOf, type Door, type Subject } from './describe-patch';
import { googleDoors, model, requestOf } from './google-doors';

/* eslint-disable @typescript-eslint/no-explicit-any -- one contract over the types of several majors */

/** One major of @google/genai, as the contract wants to know it. */
export function googleSubject(name: string, exports: any): Subject {
  const version = versionOf(name);
  return {
    title: `@google/genai ${version.split('.')[0] ?? ''}`,
    provider: 'google',
    package: name,
    exports,
    isPlain: true,
    calls: './google-calls.cjs',
    client: (baseUrl, options = {}, subclass = (Base) => Base) =>
      new (subclass(exports.GoogleGenAI))({
        apiKey: 'none',
        vertexai: false,
        httpOptions: httpOptions(baseUrl, options),
      }),
    ask: (client, prompt, extra, options) => client.models.generateContent(requestOf(prompt, extra, options)),
    // Where functions may be called for the caller, nothing is sent before somebody reads: see the other doors.
    openStream: (client, prompt, extra, options) =>
      client.models.generateContentStream(
        requestOf(prompt, extra, options, { automaticFunctionCalling: { disable: true } }),
      ),
    asked: {
      provider: 'local',
      sdk: '@google/genai',
      // Nothing in the exports tells the version, and what `modules` is given has no place on disk.
      provider_sdk_version: undefined,
      operation: 'chat_completion',
      method: 'models.generateContent',
      model,
    },
    whole: { ...answered, streaming: false, request_id: 'req_standin' },
    streamed: { ...answered, method: 'models.generateContentStream', streaming: true },
    partial: {
      method: 'models.generateContentStream',
      streaming: true,
      finish_reason: undefined,
      response_model: `${model}-001`,
    },
  };
}

/** From 2 on, the SDK looks for Node's own dispatcher, which the realm of Jest does not have, unless it is given this. */
export function httpOptions(baseUrl: string, { defaultHeaders, retryOptions, fetch: send = fetch }: any): object {
  return { baseUrl, headers: defaultHeaders, fetch: send, ...(retryOptions && { retryOptions }) };
}

const answered = {
  outcome: 'ok',
  response_model: `${model}-001`,
  output: 'Hello from the stand-in.',
  finish_reason: 'STOP',
  response_id: 'resp-standin',
  service_tier: 'standard',
  // The SDK tells neither the status of an answer nor how often it tried.
  http_status: undefined,
  retry_count: undefined,
  input_tokens: 20,
  output_tokens: 12,
  total_tokens: 32,
  cached_input_tokens: 8,
  reasoning_tokens: 4,
};

/** The same SDK for Vertex: other paths, and another provider wherever it is sent. */
export function vertexSubject(subject: Subject): Subject {
  return {
    ...subject,
    title: `Vertex of ${subject.title}`,
    asked: { ...subject.asked, provider: 'google_vertex' },
    client: (baseUrl, options = {}, subclass = (Base) => Base) =>
      new (subclass(subject.exports.GoogleGenAI))({
        apiKey: 'none',
        vertexai: true,
        httpOptions: httpOptions(baseUrl, options),
      }),
  };
}

export function vertexDoors(subject: Subject, major: number): Door[] {
  const { asked } = subject;
  const isOfGemini = /^embedContent\(\) of/;
  const image = { ...asked, operation: 'image_generation', model: 'imagen-standin', outcome: 'ok' };
  return [
    ...googleDoors(subject, major).filter(({ title }) => !isOfGemini.test(title)),
    {
      title: 'embedContent() has the tokens of each text',
      run: ({ connect }) => connect().models.embedContent({ model: 'text-embedding', contents: ['hello', 'there'] }),
      events: [
        {
          ...asked,
          operation: 'embedding',
          method: 'models.embedContent',
          model: 'text-embedding',
          outcome: 'ok',
          input: 'hello\nthere',
          input_count: 2,
          input_tokens: 10,
        },
      ],
      check: ({ value }) => expect(value.embeddings).toHaveLength(2),
    },
    {
      title: 'upscaleImage() is a picture too',
      run: ({ connect }) =>
        connect().models.upscaleImage({
          model: 'imagen-standin',
          image: { imageBytes: 'aGVsbG8=', mimeType: 'image/png' },
          upscaleFactor: 'x2',
        }),
      events: [{ ...image, method: 'models.upscaleImage', output: '[image/png 70 B]' }],
    },
    {
      title: 'editImage() is a picture too',
      run: ({ connect }) =>
        connect().models.editImage({ model: 'imagen-standin', prompt: 'more light', referenceImages: [] }),
      events: [{ ...image, method: 'models.editImage', input: 'more light', output: '[image/png 70 B]' }],
    },
  ];
}
