/** No whole answer came: refused, reset, timed out, damaged on its way. `code` is Node's own, or one of the same form. */
export class NetworkError extends Error {
  readonly code: string;
  /** The proxy that the request went through, without credentials. */
  via: string | undefined;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'NetworkError';
    this.code = code;
  }
}

/** A proxy would not make the connection. `message` is a sentence for the user and holds no credentials. */
export class ProxyError extends NetworkError {
  /** Whether somebody has to put it right, so that asking again is of no use. */
  readonly final: boolean;

  constructor(code: string, message: string, final: boolean) {
    super(code, message);
    this.name = 'ProxyError';
    this.final = final;
  }
}

/** The answer, unpacked, is larger than what was allowed. It was not read to its end. */
export class AnswerTooLarge extends Error {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`the answer is larger than ${limitBytes} bytes`);
    this.name = 'AnswerTooLarge';
    this.limitBytes = limitBytes;
  }
}
