/** Decorated methods that both kinds of decorators can have. Compiled as the test says: see observe-decorators. */
import { currentLlmTrace, observe } from '../../src';

/* eslint-disable @typescript-eslint/require-await -- async methods are what is observed */

export class Agent {
  static instances = 0;
  readonly greeting: string;

  constructor(greeting: string) {
    this.greeting = greeting;
    Agent.instances += 1;
  }

  @observe
  bare(name: string): string {
    return `${this.greeting}, ${name}`;
  }

  loudly(name: string): string {
    return this.bare(name).toUpperCase();
  }

  @observe({ kind: 'agent', name: 'answer a question', trackAs: true })
  async answer(question: string): Promise<string | undefined> {
    return `${question} ${this.tool(question).length}`;
  }

  @observe({ kind: 'tool', trackAs: true })
  tool(city: string): string {
    return `${this.greeting} ${city}`;
  }

  @observe({ trackAs: true })
  *steps(): Generator<string | undefined> {
    yield this.greeting;
    yield currentLlmTrace().spanId;
  }

  @observe({ kind: 'tool', trackAs: true })
  static count(): number {
    return this.instances;
  }

  @observe
  get loud(): string {
    return this.greeting.toUpperCase();
  }

  @observe({ trackAs: true })
  ['computed name'](): number {
    return 1;
  }
}

export class LoudAgent extends Agent {
  override bare(name: string): string {
    return super.bare(name).toUpperCase();
  }
}
