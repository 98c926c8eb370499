import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type Answer, discard, hasBody, lengthOf, type Outcome } from './answer.ts';
import { admission, type LocalHandler, outcomeOf, tellOfFailure, tooLarge } from './handler.ts';
import { printHead } from './print-head.ts';
import { LoopbackRequest } from './request.ts';
import { readSimpleRequest, type SimpleRequest } from './simple-request.ts';
import { handleTogether, sendTogether } from './turn.ts';

export interface SimpleConnectionOptions {
  readonly handler: LocalHandler;
  readonly port: () => number;
  /** How long the first bytes may take to come. */
  readonly firstRequestMs: number;
  /** How long the next ones may, as clients are told. */
  readonly keepAliveMs: number;
  /** Reads the connection from now on, beginning with what was put back into the socket. */
  readonly handOver: () => void;
}

/** Who watches Node's servers, a debugger or a test, is to see every request, and Node tells only of those that it reads. */
const requestWatchers = channel('http.server.request.start');

/** As Node does: a request that is sent at the last moment must not meet a closing socket. */
const lastMomentMs = 1_000;

/**
 * A connection whose requests are simple so far: each is read in one go and answered by one write. With the first that
 * isn't simple, all of the connection goes to `node:http` for good. Node makes two streams for each request, with their
 * queues, ticks and events: a sixth of what an AssumeRole took in all.
 */
export class SimpleConnection {
  readonly #socket: Socket;
  readonly #options: SimpleConnectionOptions;
  /** `busy` from a request's arrival until its answer is written, or `pouring`; `hanging` when there will be none. */
  #state: 'idle' | 'busy' | 'pouring' | 'hanging' = 'idle';
  /** The client has ended, or the server does: there is no request after the one under way. */
  #isEnding = false;

  constructor(socket: Socket, options: SimpleConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setTimeout(options.firstRequestMs);
    socket.once('data', () => socket.setTimeout(options.keepAliveMs + lastMomentMs));
    socket.on('timeout', this.#onTimeout);
    socket.on('data', this.#read);
    socket.on('end', this.end);
    // The socket closes after it, and nobody is left to be told.
    socket.on('error', ignore);
  }

  /** Ends the connection: at once, or with the answer that is under way. */
  readonly end = (): void => {
    this.#isEnding = true;
    if (!this.#isAnswering()) this.#socket.destroySoon();
  };

  /** Whatever is under way. */
  readonly cutOff = (): void => {
    this.#socket.destroy();
  };

  #isAnswering(): boolean {
    return this.#state === 'busy' || this.#state === 'pouring';
  }

  readonly #onTimeout = (): void => {
    // At once: the client may not even read what was written.
    if (this.#state === 'idle' || this.#state === 'pouring') this.#socket.destroy();
  };

  readonly #read = (bytes: Buffer): void => {
    if (this.#isAnswering()) {
      // The client doesn't wait for its answer: the next request comes again when that is out.
      this.#socket.pause();
      this.#socket.unshift(bytes);
      return;
    }
    if (this.#isEnding || this.#state === 'hanging') return;
    const simple = requestWatchers.hasSubscribers ? undefined : readSimpleRequest(bytes);
    if (simple === undefined) {
      this.#handOver(bytes);
      return;
    }
    this.#state = 'busy';
    handleTogether(() => this.#handle(simple), this.cutOff);
  };

  #handle({ method, target, rawHeaders, body }: SimpleRequest): void {
    const { handler, port } = this.#options;
    const request = new LoopbackRequest(method, target, rawHeaders, this.#socket);
    const admitted = admission(handler, request, port());
    if (typeof admitted !== 'number') {
      this.#settle(admitted);
    } else if (body.length > admitted) {
      this.#isEnding = true;
      this.#settle(tooLarge(handler, request));
    } else {
      const outcome = outcomeOf(handler, request, body);
      if (outcome instanceof Promise) void outcome.then(this.#settle);
      else this.#settle(outcome);
    }
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    socket.off('timeout', this.#onTimeout);
    socket.off('data', this.#read);
    socket.off('end', this.end);
    socket.off('error', ignore);
    socket.setTimeout(0);
    // Nothing flows until somebody listens again.
    socket.pause();
    socket.unshift(bytes);
    this.#options.handOver();
    socket.resume();
  }

  readonly #settle = (outcome: Outcome): void => {
    if (outcome === 'cut') this.cutOff();
    else if (outcome === 'hang') this.#hang();
    else if (typeof outcome.body === 'string') sendTogether(() => this.#send(outcome), this.cutOff);
    // At once: nobody else hears of a stream that fails.
    else this.#send(outcome);
  };

  /** Until the client ends. */
  #hang(): void {
    this.#state = 'hanging';
    if (this.#isEnding) this.cutOff();
    // To hear of its end, what it sends has to be read.
    else this.#socket.resume();
  }

  #send(answer: Answer): void {
    const socket = this.#socket;
    const { body } = answer;
    if (socket.destroyed) {
      discard(body);
      return;
    }
    const lengthBytes = lengthOf(body);
    const head = printHead(answer, lengthBytes, this.#isEnding ? undefined : this.#options.keepAliveMs / 1_000);
    if (!hasBody(answer)) {
      discard(body);
      socket.write(head, 'latin1');
    } else if (typeof body !== 'string') {
      socket.write(head, 'latin1');
      if (body.stream !== undefined) {
        this.#pour(body.stream);
        return;
      }
    } else if (lengthBytes === body.length) {
      // A byte a character: head and body are one text.
      socket.write(head + body, 'latin1');
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(body, 'utf8');
      socket.uncork();
    }
    this.#afterAnswer();
  }

  #pour(stream: Readable): void {
    const socket = this.#socket;
    this.#state = 'pouring';
    stream.on('error', (error) => tellOfFailure(this.#options.handler, error));
    if (stream.destroyed) {
      this.cutOff();
      return;
    }
    // Not `pipeline`: it leaves a listener at a socket that goes on.
    const onGone = () => void stream.destroy();
    socket.once('close', onGone);
    stream.once('end', () => {
      socket.off('close', onGone);
      this.#afterAnswer();
    });
    // What was promised can't be given.
    stream.once('close', () => {
      if (!stream.readableEnded) this.cutOff();
    });
    stream.pipe(socket, { end: false });
  }

  #afterAnswer(): void {
    const socket = this.#socket;
    this.#state = 'idle';
    if (this.#isEnding) {
      socket.destroySoon();
    } else if (socket.writableNeedDrain) {
      // A client that asks and doesn't read gets no more answers to keep.
      socket.pause();
      socket.once('drain', () => socket.resume());
    } else if (socket.isPaused()) {
      socket.resume();
    }
  }
}

function ignore(): void {}
