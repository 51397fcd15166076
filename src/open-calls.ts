import { sharedState } from './shared-state';

/** One run of a handler: what begins in it, and wherever that leads, is of it. */
export interface Invocation {
  /** The one in which it began. */
  readonly outer?: Invocation | undefined;
}

/** One that has begun. */
export interface OpenCall {
  abandon(): void;
}

/** Calls that have begun and not ended, in whichever order; of each it is known in which invocation it began. */
export class OpenCalls extends Set<OpenCall> {
  private readonly places = new WeakMap<OpenCall, Invocation>();

  override add(call: OpenCall): this {
    const invocation = sharedState().invocations?.getStore();
    if (invocation) this.places.set(call, invocation);
    return super.add(call);
  }

  /** Those of one invocation: several may go on at a time, and wait for calls of their own only. */
  within(invocation: Invocation): OpenCall[] {
    return [...this].filter((call) => {
      let place = this.places.get(call);
      while (place && place !== invocation) place = place.outer;
      return place !== undefined;
    });
  }
}
