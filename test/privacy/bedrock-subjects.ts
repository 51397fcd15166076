import * as bedrock from '@aws-sdk/client-bedrock-runtime';
import { configOf } from '../patches/bedrock-subject';
import { converseAnswer, converseFrames, converseRequest, invocations } from './bedrock-wire';
import { headers } from './openai-wire';
import { readAll, type Call, type Subject } from './subject';

/* eslint-disable @typescript-eslint/no-explicit-any -- one shape over the requests of all SDKs */

export const bedrockSubjects: readonly Subject[] = [
  {
    provider: 'bedrock',
    exports: () => bedrock,
    calls: [
      {
        title: 'Converse',
        request: converseRequest,
        answers: {
          whole: { json: converseAnswer, headers },
          streamed: { frames: converseFrames, headers },
          'streamed and failing': {
            frames: [
              ...converseFrames.slice(0, 3),
              ['modelStreamErrorException', { message: 'You said', originalMessage: 'It' }],
            ],
          },
          refused: {
            status: 400,
            json: { message: 'You said' },
            headers: { 'x-amzn-errortype': 'ValidationException' },
          },
          'refused in a way of its own': {
            status: 400,
            json: { message: 'You said', __type: 'com.x#Odd' },
            headers: { 'x-amzn-errortype': 'Odd Kanari99999z' },
          },
        },
        async run(endpoint, request, isStream) {
          const client = new bedrock.BedrockRuntimeClient(configOf(endpoint));
          const Command: any = isStream ? bedrock.ConverseStreamCommand : bedrock.ConverseCommand;
          await readAll(((await client.send(new Command(request))) as any).stream);
        },
      },
      ...invocations.map(({ title, modelId, body, answer, chunks }): Call => ({
        title: `InvokeModel of ${title}`,
        request: body,
        answers: {
          whole: { json: answer },
          ...(chunks && { streamed: { chunks } }),
          refused: {
            status: 400,
            json: { message: 'You said' },
            headers: { 'x-amzn-errortype': 'ValidationException' },
          },
        },
        async run(endpoint, request, isStream) {
          const client = new bedrock.BedrockRuntimeClient(configOf(endpoint));
          const input = { modelId, contentType: 'application/json', body: JSON.stringify(request) };
          const Command: any = isStream ? bedrock.InvokeModelWithResponseStreamCommand : bedrock.InvokeModelCommand;
          const { body: answered } = (await client.send(new Command(input))) as any;
          if (isStream) await readAll(answered);
        },
      })),
    ],
  },
];
