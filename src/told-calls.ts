import { enclosures, watchMeanwhile, type Enclosure } from './enclosing-call';
import { observeValue } from './observe-result';
import { waitForReader } from './observe-stream';
import type { WatchedCall } from './observer';
import type { MethodReader, TelemetryNote } from './types';

/** More calls than this are not held open for an end that may never be told: the oldest is given up. */
const mostOpen = 1_000;

/** A call whose end has to be told, and the operation that it is part of. */
interface ToldCall {
  readonly call: WatchedCall;
  readonly group: unknown;
  /** The operation is over, and nobody told how this call went. */
  readonly leave: () => void;
  readonly close?: (() => void) | undefined;
}

export interface ToldCalls {
  hear(note: TelemetryNote): void;
  /** The call goes on as a stream, and it may be told that somebody has stopped it. */
  keepStream(group: unknown, call: WatchedCall): void;
  /** Waits until the rest of a call is told. */
  keep(key: unknown, toldCall: ToldCall): void;
  /** Nothing more will be told of an operation. */
  leave(group: unknown): void;
}

/** Begins a call, where it is to be watched. */
export type Begin = (
  reader: MethodReader,
  request: object,
  enclosure: Enclosure | undefined,
) => WatchedCall | undefined;

/**
 * The calls that a listener is told about in pieces. An attempt that failed and was made again is not told to have
 * failed: that is known when the operation is over, and why only if it failed as a whole.
 */
export function keepToldCalls(begin: Begin): ToldCalls {
  const told = new Map<unknown, ToldCall>();
  const prepared = new Map<unknown, object>();
  const failures = new Map<unknown, readonly unknown[]>();
  const streams = new Map<unknown, WatchedCall>();
  return { hear, keep, keepStream: (group, call) => keepFew(streams, group, call), leave };

  function hear(note: TelemetryNote): void {
    switch (note.kind) {
      case 'prepares':
        keepFew(prepared, note.group, note.request);
        break;
      case 'begins':
        beginCall(note);
        break;
      case 'ends':
        end(note.key, note.value);
        break;
      case 'fails':
        keepFew(failures, note.group, note.errors);
        fail(note.group);
        break;
      case 'is over':
        if (note.reason === undefined) leave(note.group);
        else abort(note.group, note.reason);
    }
  }

  function beginCall(note: Extract<TelemetryNote, { kind: 'begins' }>): void {
    const { key, group, reader, request, holder } = note;
    const operation = prepared.get(group);
    prepared.delete(group);
    const outer = enclosures.getStore();
    const meanwhile = holder !== undefined && outer?.drawn === undefined ? watchMeanwhile() : undefined;
    const call = begin(reader(operation), { ...operation, ...request }, meanwhile?.enclosure ?? outer);
    if (!call) return meanwhile?.close();
    keep(key, { call, group, leave: () => call.lost(undefined), close: meanwhile?.close });
    // An operation that nobody reads to its end tells nothing more; what it holds is collected then.
    if (typeof holder === 'object' && holder !== null) waitForReader(holder, call);
  }

  function keep(key: unknown, toldCall: ToldCall): void {
    if (told.size >= mostOpen) take(told.keys().next().value)?.call.abandon();
    const former = told.get(key);
    // Made again under the same name: the first one failed, and why is told at the end.
    if (former && told.delete(key)) told.set(Symbol('failed'), former);
    told.set(key, toldCall);
  }

  function take(key: unknown): ToldCall | undefined {
    const toldCall = told.get(key);
    told.delete(key);
    toldCall?.close?.();
    return toldCall;
  }

  function end(key: unknown, value: unknown): void {
    const toldCall = take(key);
    if (!toldCall) return;
    observeValue(value, toldCall.call);
    if (failures.has(toldCall.group)) fail(toldCall.group);
  }

  /** Calls that run beside the one that failed are still told their end. */
  function fail(group: unknown): void {
    const errors = failures.get(group) ?? [];
    const open = openOf(group);
    if (open.length > Math.max(1, errors.length)) return;
    forget(group);
    open.forEach(([key, { call }], at) => {
      take(key);
      const error = errors[errors.length - open.length + at];
      if (at < open.length - 1) call.lost(error);
      else call.failed(error);
    });
  }

  function abort(group: unknown, reason: unknown): void {
    streams.get(group)?.failed(reason);
    for (const [key, { call }] of openOf(group)) {
      take(key);
      call.failed(reason);
    }
    forget(group);
  }

  function leave(group: unknown): void {
    forget(group);
    if (told.size === 0) return;
    for (const [key, toldCall] of openOf(group)) {
      take(key);
      toldCall.leave();
    }
  }

  function openOf(group: unknown): [unknown, ToldCall][] {
    return [...told].filter(([, toldCall]) => toldCall.group === group);
  }

  function forget(group: unknown): void {
    prepared.delete(group);
    failures.delete(group);
    streams.delete(group);
  }
}

function keepFew<Value>(map: Map<unknown, Value>, key: unknown, value: Value): void {
  if (map.size >= mostOpen) map.delete(map.keys().next().value);
  map.set(key, value);
}
