import type Groq from 'groq-sdk';
import type { MethodReader } from '../../types';
import { chatCompletions as ofOpenAI } from '../shared/chat-completions';
import { readText } from '../shared/read-text';

type Request = Parameters<Groq.Chat.Completions['create']>[0];
type Response = Groq.Chat.ChatCompletion;
type Chunk = Groq.Chat.ChatCompletionChunk;

/**
 * OpenAI's, with what Groq adds in `x_groq`: the usage of a stream, which its last chunk has there whether the caller
 * asked for it or not, and the reason why a stream stopped early, which the SDK hands on like any other chunk.
 */
export const chatCompletions: MethodReader<Request, Response, Chunk> = {
  ...(ofOpenAI as MethodReader),
  readChunk(soFar, chunk, limits) {
    const facts = (ofOpenAI as Required<MethodReader>).readChunk(soFar, chunk, limits);
    const error: unknown = chunk?.x_groq?.error;
    if (error) facts.failure = { message: readText(error, limits.response) };
    return facts;
  },
};
