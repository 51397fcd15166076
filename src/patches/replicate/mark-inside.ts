/** JSON leaves symbols out: nothing of this is on the wire. */
const inside = Symbol('within a call that is watched');

/**
 * The options of `run` or `stream` with a mark on them, which the SDK spreads on into the request that they make. It is
 * a view and no copy: `stream` looks at the options when it is first asked for a chunk, and the caller may have changed
 * them by then.
 */
export function markInside(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return options;
  return new Proxy(
    {},
    {
      ownKeys: () => [...Reflect.ownKeys(options), inside],
      has: (_target, key) => key === inside || Reflect.has(options, key),
      get: (_target, key): unknown => (key === inside ? true : Reflect.get(options, key)),
      getPrototypeOf: () => Reflect.getPrototypeOf(options),
      getOwnPropertyDescriptor(_target, key) {
        if (key === inside) return { value: true, enumerable: true, configurable: true };
        const descriptor = Reflect.getOwnPropertyDescriptor(options, key);
        // What a proxy shows of an object that is not its target has to be configurable.
        return descriptor && { ...descriptor, configurable: true };
      },
    },
  );
}

/** Whether the data of a request came through marked options. */
export function isInside(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.hasOwn(data, inside);
}
