import shimmer from 'shimmer';
import { wrapMethod, type AnyFunction } from '../src/wrap-method';

interface Greeter {
  greet(name: string): string;
}

let Base: new () => Greeter;
let Derived: new () => Greeter;
let original: PropertyDescriptor | undefined;

beforeEach(() => {
  Base = class {
    greet(name: string): string {
      return `hello ${name}`;
    }
  };
  Derived = class extends Base {};
  original = Object.getOwnPropertyDescriptor(Base.prototype, 'greet');
});

const louder = (original: AnyFunction, isLive: () => boolean): AnyFunction =>
  function loud(this: unknown, ...args: unknown[]) {
    const greeting = String(original.apply(this, args));
    return isLive() ? `${greeting}!` : greeting;
  };

describe('a wrapped method', () => {
  it('calls ours, with `this` and arguments', () => {
    const restore = wrapMethod(Base.prototype, 'greet', louder);
    expect(new Derived().greet('you')).toBe('hello you!');
    restore?.();
    expect(new Derived().greet('you')).toBe('hello you');
  });

  it('looks like the one it stands for', () => {
    const plain = Base.prototype.greet as AnyFunction & { mark?: string };
    plain.mark = 'own property';
    const restore = wrapMethod(Base.prototype, 'greet', louder);
    const wrapped = Base.prototype.greet as typeof plain;
    expect(wrapped).not.toBe(plain);
    expect([wrapped.name, wrapped.length, wrapped.mark]).toEqual(['greet', 1, 'own property']);
    expect({ ...Object.getOwnPropertyDescriptor(Base.prototype, 'greet'), value: 0 }).toEqual({
      ...original,
      value: 0,
    });
    restore?.();
    delete plain.mark;
  });

  // OpenTelemetry's base class unwraps whatever carries them (open-telemetry/opentelemetry-js#4692).
  it('carries no mark by which others would unwrap it', () => {
    const restore = wrapMethod(Base.prototype, 'greet', louder);
    for (const mark of ['__original', '__unwrap', '__wrapped']) expect(mark in Base.prototype.greet).toBe(false);
    restore?.();
  });

  it('has the very descriptor back that it had', () => {
    const frozen = { value: () => 'x', writable: true, configurable: true, enumerable: true };
    const owner = Object.defineProperty({}, 'odd', frozen);
    wrapMethod(owner, 'odd', louder)?.();
    expect(Object.getOwnPropertyDescriptor(owner, 'odd')).toEqual(frozen);
    wrapMethod(Base.prototype, 'greet', louder)?.();
    expect(Object.getOwnPropertyDescriptor(Base.prototype, 'greet')).toEqual(original);
  });

  it('is gone again where it was inherited', () => {
    const restore = wrapMethod(Derived.prototype, 'greet', louder);
    expect(new Derived().greet('you')).toBe('hello you!');
    expect(new Base().greet('you')).toBe('hello you');
    restore?.();
    expect(Object.hasOwn(Derived.prototype, 'greet')).toBe(false);
  });

  it('can be undone twice, and wrapped again', () => {
    const restore = wrapMethod(Base.prototype, 'greet', louder);
    restore?.();
    const again = wrapMethod(Base.prototype, 'greet', louder);
    restore?.();
    expect(new Base().greet('you')).toBe('hello you!');
    again?.();
    expect(Object.getOwnPropertyDescriptor(Base.prototype, 'greet')).toEqual(original);
  });
});

describe('with a function of somebody else', () => {
  // `shimmer.unwrap` would remove theirs (open-telemetry/opentelemetry-js-contrib#970).
  it('on top of ours, the undo leaves both', () => {
    const restore = wrapMethod(Base.prototype, 'greet', louder);
    const ours = Base.prototype.greet;
    const theirs = function theirs(this: Greeter, name: string): string {
      return `<${ours.call(this, name)}>`;
    };
    Base.prototype.greet = theirs;
    expect(new Base().greet('you')).toBe('<hello you!>');
    restore?.();
    expect(Base.prototype.greet).toBe(theirs);
    expect(new Base().greet('you')).toBe('<hello you>');
  });

  it('on top of ours, wrapping again takes the place of the first', () => {
    wrapMethod(Base.prototype, 'greet', louder);
    const ours = Base.prototype.greet;
    Base.prototype.greet = function theirs(this: Greeter, name: string): string {
      return `<${ours.call(this, name)}>`;
    };
    wrapMethod(Base.prototype, 'greet', louder);
    expect(new Base().greet('you')).toBe('<hello you>!');
  });

  // Ours was buried, and is lost with what was on top of it: the next wrapping must not trust that it is still there.
  it('that puts the original back, wrapping again works', () => {
    const restore = wrapMethod(Base.prototype, 'greet', louder);
    Base.prototype.greet = (name: string) => `<${name}>`;
    restore?.();
    Object.defineProperty(Base.prototype, 'greet', original as PropertyDescriptor);
    wrapMethod(Base.prototype, 'greet', louder);
    expect(new Base().greet('you')).toBe('hello you!');
  });

  it('below ours, theirs stays when ours goes', () => {
    shimmer.wrap(Base.prototype, 'greet', (inner) => (name: string) => `<${inner.call(new Base(), name)}>`);
    const theirs = Base.prototype.greet;
    const restore = wrapMethod(Base.prototype, 'greet', louder);
    expect(new Base().greet('you')).toBe('<hello you>!');
    restore?.();
    expect(Base.prototype.greet).toBe(theirs);
  });
});

describe('what can not be wrapped', () => {
  it.each<[string, object]>([
    ['no function', { greet: 5 }],
    ['nothing', {}],
    ['a frozen object', Object.freeze({ greet: () => 'x' })],
    [
      'a property that can not be written',
      Object.defineProperty({}, 'greet', { value: () => 'x', configurable: true }),
    ],
    ['an inherited method of a sealed object', Object.preventExtensions(Object.create({ greet: () => 'x' }) as object)],
    ['a getter', Object.defineProperty({}, 'greet', { get: () => () => 'x', configurable: true })],
  ])('%s is left alone', (...[, owner]) => {
    const before = Object.getOwnPropertyDescriptors(owner);
    expect(wrapMethod(owner, 'greet', louder)).toBeUndefined();
    expect(Object.getOwnPropertyDescriptors(owner)).toEqual(before);
  });
});
