import { retriesOf } from './count-retries';
import { headersOf } from './read-error';
import { reportProblem, safely } from './safely';
import type { Answer, ErrorFacts, HeadersLike } from './types';

/** What is known of the HTTP side of one call. */
export class CallHttp {
  headers: HeadersLike | undefined;
  private httpStatus: number | undefined;
  private id: string | undefined;
  private retries: number | undefined;
  /** What stands for the attempts of this call in the count of retries. */
  private attempts: unknown;

  /** A fetch `Response`, and the options that the SDK hands from attempt to attempt. */
  arrived(response: unknown, options: unknown): void {
    this.attempts = options;
    try {
      const { status, headers } = (response ?? {}) as Partial<Response>;
      if (typeof status === 'number') this.httpStatus = status;
      this.headers = headers;
    } catch (error) {
      reportProblem('read the response', error);
    }
  }

  /** What an SDK gives beside its answer. */
  told({ status, headers, requestId, retryCount }: Answer): void {
    this.httpStatus = status ?? this.httpStatus;
    this.headers = headers ?? this.headers;
    this.id = requestId;
    this.retries = retryCount ?? this.retries;
  }

  answered(answer: unknown): void {
    // The SDKs have looked it up in the headers already.
    this.id ??= (answer as { _request_id?: string } | undefined)?._request_id;
  }

  failed(error: unknown): void {
    this.attempts ??= error;
    this.headers ??= safely('read the error', () => headersOf(error));
  }

  status(error: ErrorFacts | undefined): number | undefined {
    return error?.status ?? this.httpStatus;
  }

  requestId(error: ErrorFacts | undefined): string | undefined {
    return this.id ?? this.readRequestId() ?? error?.requestId;
  }

  /** @param isCounted - whether the SDK shows how often it tries again. */
  retryCount(error: ErrorFacts | undefined, isCounted: boolean): number | undefined {
    return this.retries ?? error?.retryCount ?? (isCounted ? retriesOf(this.attempts) : undefined);
  }

  private readRequestId(): string | undefined {
    const header = (name: string): string | undefined => this.headers?.get(name) ?? undefined;
    return header('x-request-id') ?? header('request-id') ?? header('apim-request-id');
  }
}
