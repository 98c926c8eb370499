import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Answer, lengthOf, type Outcome } from './answer.ts';
import { admission, bare, type LocalHandler, outcomeOf, tooLarge } from './handler.ts';
import { sendTogether } from './outbox.ts';
import { printHead } from './print-head.ts';
import { LoopbackRequest } from './request.ts';
import { readSimpleRequest } from './simple-request.ts';

export interface SimpleConnectionOptions {
  readonly handler: LocalHandler;
  readonly port: () => number;
  /** How long the first request may take to come. */
  readonly firstRequestMs: number;
  /** How long the next one may. */
  readonly keepAliveMs: number;
  /** Reads the connection from now on, beginning with what was put back into the socket. */
  readonly handOver: () => void;
}

/** Who watches Node's servers, a debugger or a test, is to see every request, and Node tells only of those that it reads. */
const requestWatchers = channel('http.server.request.start');

/**
 * A connection whose requests are simple so far: each is read in one go and answered by one write. With the first that
 * isn't simple, all of the connection goes to `node:http` for good. Node makes two streams for each request, with their
 * queues, ticks and events; they take a third of what an AssumeRole takes in all.
 */
export class SimpleConnection {
  readonly #socket: Socket;
  readonly #options: SimpleConnectionOptions;
  /** From a request's arrival until its answer is written. */
  #isBusy = false;
  /** After the answer under way, or now: the client has ended, or the server does. */
  #isLast = false;

  constructor(socket: Socket, options: SimpleConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setTimeout(options.firstRequestMs);
    socket.once('data', () => socket.setTimeout(options.keepAliveMs));
    socket.on('timeout', this.#endIfIdle);
    socket.on('data', this.#read);
    socket.on('end', this.end);
    // The socket closes after it, and nobody is left to be told.
    socket.on('error', ignore);
  }

  /** Ends the connection: at once, or with the answer that is under way. */
  readonly end = (): void => {
    this.#isLast = true;
    this.#endIfIdle();
  };

  /** Whatever is under way. */
  cutOff(): void {
    this.#socket.destroy();
  }

  readonly #endIfIdle = (): void => {
    if (!this.#isBusy) this.#socket.destroySoon();
  };

  readonly #read = (bytes: Buffer): void => {
    if (this.#isBusy) {
      // The client doesn't wait for its answer: the next request comes again when that is out.
      this.#socket.pause();
      this.#socket.unshift(bytes);
      return;
    }
    const simple = requestWatchers.hasSubscribers ? undefined : readSimpleRequest(bytes);
    if (simple === undefined) {
      this.#handOver(bytes);
      return;
    }
    this.#isBusy = true;
    const request = new LoopbackRequest(simple.method, simple.target, simple.rawHeaders, this.#socket);
    const { handler, port } = this.#options;
    const admitted = admission(handler, request, port());
    if (typeof admitted !== 'number') {
      this.#settle(admitted);
    } else if (simple.body.length > admitted) {
      this.#isLast = true;
      this.#settle(tooLarge(handler, request));
    } else {
      const outcome = outcomeOf(handler, request, simple.body);
      if (outcome instanceof Promise) void outcome.then(this.#settle);
      else this.#settle(outcome);
    }
  };

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    socket.off('timeout', this.#endIfIdle);
    socket.off('data', this.#read);
    socket.off('end', this.end);
    socket.off('error', ignore);
    socket.setTimeout(0);
    // Paused, or what is put back would come before anybody listens.
    socket.pause();
    socket.unshift(bytes);
    this.#options.handOver();
    socket.resume();
  }

  readonly #settle = (outcome: Outcome): void => {
    if (outcome === 'cut') this.cutOff();
    else if (outcome !== 'hang') sendTogether(() => this.#send(outcome));
  };

  #send(answer: Answer): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    const { body } = answer;
    const lengthBytes = lengthOf(body);
    let head: string;
    try {
      head = this.#printHead(answer, lengthBytes);
    } catch {
      // A header that Node would refuse to write.
      this.#send(bare(500));
      return;
    }
    if (typeof body !== 'string') {
      socket.write(head, 'latin1');
      if (body.stream === undefined) this.#afterAnswer();
      else void this.#pour(body.stream);
      return;
    }
    if (lengthBytes === body.length) {
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

  async #pour(stream: Readable): Promise<void> {
    try {
      await pipeline(stream, this.#socket, { end: false });
      this.#afterAnswer();
    } catch {
      // What was promised can't be given, or nobody is there to get it.
      this.cutOff();
    }
  }

  #printHead(answer: Answer, lengthBytes: number): string {
    return printHead(answer, lengthBytes, this.#isLast ? undefined : this.#options.keepAliveMs / 1_000);
  }

  #afterAnswer(): void {
    const socket = this.#socket;
    this.#isBusy = false;
    if (this.#isLast) {
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
