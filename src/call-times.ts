/** When what happened to one call, in milliseconds on a clock that never goes back. */
export class CallTimes {
  /** Milliseconds since the epoch at which the call began. */
  startedAt = Date.now();
  /** The last time that something was heard of the call. */
  lastSign: number;
  timeToFirstToken: number | undefined;
  private start: number;
  private arrivedAt: number | undefined;
  private readingAt: number | undefined;

  constructor(private readonly now: () => number) {
    this.start = this.lastSign = now();
  }

  /** It begins only now: nothing was sent before. */
  begin(): void {
    this.start = this.lastSign = this.now();
    this.startedAt = Date.now();
  }

  /** Status line and headers are there. */
  arrive(): void {
    this.arrivedAt = this.lastSign = this.now();
  }

  /** Somebody asks for the body. */
  read(): void {
    this.readingAt ??= this.now();
  }

  chunk(hasStarted: boolean | undefined): void {
    this.lastSign = this.now();
    if (hasStarted) this.timeToFirstToken ??= this.lastSign - this.start;
  }

  get isRead(): boolean {
    return this.readingAt !== undefined;
  }

  get hasArrived(): boolean {
    return this.arrivedAt !== undefined;
  }

  /** Whether nothing was heard since it began. */
  get isSilent(): boolean {
    return this.lastSign === this.start;
  }

  /** A result that is awaited late waits in the SDK, unread: that is no latency of the provider. */
  latency(endedAt: number): number {
    const { arrivedAt = 0, readingAt } = this;
    const idle = readingAt === undefined || arrivedAt === 0 ? 0 : Math.max(0, readingAt - arrivedAt);
    return endedAt - this.start - idle;
  }
}
