/** Decorated members that only standard decorators can have. */
import { observe } from '../../src';

/* eslint-disable @typescript-eslint/require-await -- async methods are what is observed */

export class Vault {
  readonly #key = 'key';

  @observe({ kind: 'tool', trackAs: true })
  #open(door: number): string {
    return `${this.#key} ${door}`;
  }

  open(door: number): string {
    return this.#open(door);
  }

  @observe({ trackAs: true, name: 'field' })
  close = async (door: number): Promise<string> => `${this.#key} closes ${door}`;

  @observe
  label = 'no function';
}
