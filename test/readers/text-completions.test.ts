import { textCompletions as oldAnthropic } from '../../src/patches/anthropic/messages';
import { textCompletions } from '../../src/patches/shared/text-completions';
import { expectFacts, fold, limits, text } from './expect-facts';

const head = { id: 'cmpl-1', model: 'gpt-3.5-turbo-instruct', object: 'text_completion' };
const usage = { prompt_tokens: 4, completion_tokens: 6, total_tokens: 10 };

describe('the answer of completions.create', () => {
  it('is the same in a stream, with two choices in turns', () => {
    const of = (index: number, words: string, finish_reason: string | null = null): object => ({
      ...head,
      choices: [{ index, text: words, finish_reason }],
    });
    const whole = {
      ...head,
      usage,
      choices: [
        { index: 0, text: 'red', finish_reason: 'stop' },
        { index: 1, text: 'blue', finish_reason: 'length' },
      ],
    };
    const chunks = [
      of(0, 're'),
      of(1, 'bl'),
      of(0, 'd', 'stop'),
      of(1, 'ue', 'length'),
      { ...head, choices: [], usage },
    ];
    expectFacts(
      textCompletions,
      { whole, chunks },
      {
        id: 'cmpl-1',
        model: 'gpt-3.5-turbo-instruct',
        started: true,
        finished: true,
        usage: { inputTokens: 4, outputTokens: 6, totalTokens: 10 },
        outputs: [
          { text: text('red'), finishReason: 'stop' },
          { text: text('blue'), finishReason: 'length' },
        ],
      },
    );
  });

  it('is not finished where one of two choices goes on', () => {
    const first = { ...head, choices: [{ index: 0, text: 'red', finish_reason: 'stop' }] };
    const second = { ...head, choices: [{ index: 1, text: 'bl', finish_reason: null }] };
    expect(fold(textCompletions, [first, second]).finished).toBe(false);
  });

  it('reads a prompt, several of them, and tokens', () => {
    const request = {
      model: 'm',
      prompt: 'Say this',
      max_tokens: 7,
      stop: ['a', 'b'],
      seed: 1,
      temperature: 0,
      top_p: 1,
    };
    expect(textCompletions.readRequest(request, limits)).toEqual({
      model: 'm',
      streaming: false,
      input: text('Say this'),
      inputLength: 8,
      maxTokens: 7,
      stopSequenceCount: 2,
      seed: 1,
      temperature: 0,
      topP: 1,
    });
    const inputOf = (prompt: unknown): unknown => textCompletions.readRequest({ model: 'm', prompt } as never, limits);
    expect(inputOf(['one', 'two'])).toMatchObject({ input: text('one\ntwo'), inputCount: 2 });
    expect(inputOf([1, 2, 3])).toEqual({ model: 'm', streaming: false, inputCount: 1 });
    expect(inputOf([[1, 2], [3]])).toEqual({ model: 'm', streaming: false, inputCount: 2 });
  });
});

describe('the answer of the completions.create of Anthropic', () => {
  const answer = { type: 'completion', id: 'compl_1', model: 'claude-2.1' };

  it('is the same in a stream', () => {
    const whole = { ...answer, completion: ' Hello', stop_reason: 'stop_sequence', stop: '\n\nHuman:' };
    const chunks = [
      { ...answer, completion: ' Hel', stop_reason: null },
      { ...answer, completion: 'lo', stop_reason: null },
      { ...answer, completion: '', stop_reason: 'stop_sequence', stop: '\n\nHuman:' },
    ];
    expectFacts(
      oldAnthropic,
      { whole, chunks },
      {
        id: 'compl_1',
        model: 'claude-2.1',
        started: true,
        finished: true,
        outputs: [{ text: text(' Hello'), finishReason: 'stop_sequence' }],
      },
    );
  });

  it('reads its request', () => {
    const request = { model: 'm', prompt: 'Human: hi', max_tokens_to_sample: 9, stop_sequences: ['x'], stream: true };
    expect(oldAnthropic.readRequest(request, limits)).toEqual({
      model: 'm',
      streaming: true,
      input: text('Human: hi'),
      inputLength: 9,
      maxTokens: 9,
      stopSequenceCount: 1,
    });
  });
});
