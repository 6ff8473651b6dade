import type { Clock } from "../../../shared/clock.ts";
import { PlottyError } from "../../../shared/errors.ts";
import type { Link } from "../link/link.ts";
import { type Command, LONGEST_COMMAND } from "./commands.ts";

/**
 * Sends commands ahead of their replies and matches replies strictly in order, each by its own command's grammar.
 * The first thing that does not fit ends it for good: all that wait, and all that come later, reject with that error,
 * so that a late reply is never taken for the answer to another question.
 */
export interface CommandQueue {
  send<T>(command: Command<T>): Promise<T>;
  /** Commands sent and not yet answered. */
  readonly waiting: number;
  /** Lines that came while the two sides were finding each other, and were nobody's. */
  readonly dropped: number;
  readonly failure: PlottyError | undefined;
  /** Set by the owner; called once. */
  onFailure: (failure: PlottyError) => void;
}

export interface CommandQueueOptions {
  readonly link: Link;
  readonly clock: Clock;
  /** How long the board may take beyond the motion that can block its parser. 1000 by default. */
  readonly replyTimeoutMs?: number;
}

const LAST_SHARE = 0.1;

interface Waiting {
  readonly command: Command<unknown>;
  match: RegExpExecArray | undefined;
  resolve(value: unknown): void;
  reject(failure: PlottyError): void;
}

export function createCommandQueue(options: CommandQueueOptions): CommandQueue {
  return new Queue(options);
}

class Queue implements CommandQueue {
  failure: PlottyError | undefined;
  dropped = 0;
  onFailure: (failure: PlottyError) => void = () => {};
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #replyTimeoutMs: number;
  readonly #waiting: Waiting[] = [];
  /** Motion of the last two commands taken by the board: one may be running and one be queued before the next is read. */
  #blockingMs: [number, number] = [0, 0];
  #stopTimer: () => void = () => {};

  constructor({ link, clock, replyTimeoutMs = 1000 }: CommandQueueOptions) {
    this.#link = link;
    this.#clock = clock;
    this.#replyTimeoutMs = replyTimeoutMs;
    link.onLine = (line) => this.#read(line);
    link.onEnd = (error) => this.#fail(linkClosed(link.name, error));
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  send<T>(command: Command<T>): Promise<T> {
    if (this.failure) return Promise.reject(this.failure);
    if (command.text.length >= (command.longest ?? LONGEST_COMMAND))
      return Promise.reject(tooLong(command.text));
    if (!command.ok && !command.data) {
      this.#link.send(command.text);
      return Promise.resolve(command.parse(undefined));
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        command,
        match: undefined,
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      if (this.#waiting.length === 1) this.#startTimer();
      this.#link.send(command.text);
    });
  }

  #read(line: string): void {
    if (this.failure) return;
    const head = this.#waiting[0];
    const { command } = head ?? {};
    const match = head && !head.match ? command?.data?.exec(line) : undefined;
    if (head && match) {
      head.match = match;
      if (!command!.ok) this.#answer(head);
    } else if (command?.synchronises) {
      this.dropped++;
    } else if (head && command!.isOptional && /^(?:\w+,)?!8\b/.test(line)) {
      this.#answer(head);
    } else if (line.startsWith("!") || /,?!\d+ Err/.test(line)) {
      this.#fail(boardError(line, command?.text, this.#link.name));
    } else if (
      head &&
      line === "OK" &&
      command!.ok &&
      (head.match || !command!.data || command!.dataMayLack)
    ) {
      this.#answer(head);
    } else {
      this.#fail(replyInvalid(line, command?.text, this.#link.name));
    }
  }

  #answer(head: Waiting): void {
    this.#waiting.shift();
    const { command } = head;
    if (command.motionMs) this.#blockingMs = [this.#blockingMs[1], command.motionMs];
    this.#startTimer();
    head.resolve(command.parse(head.match));
  }

  /**
   * The clock of a command starts when the reply before it has come. The end of the wait is a timer of its own: after this
   * process (or the computer) has been asleep, what has arrived meanwhile is read before the verdict.
   */
  #startTimer(): void {
    this.#stopTimer();
    const head = this.#waiting[0];
    if (!head) return;
    const { text, timeoutMs = this.#replyTimeoutMs } = head.command;
    const waitMs = timeoutMs + this.#blockingMs[0] + this.#blockingMs[1];
    this.#stopTimer = this.#clock.after(waitMs * (1 - LAST_SHARE), () => {
      this.#stopTimer = this.#clock.after(waitMs * LAST_SHARE, () =>
        this.#fail(replyTimeout(text, waitMs, this.#link.name)),
      );
    });
  }

  #fail(failure: PlottyError): void {
    if (this.failure) return;
    this.failure = failure;
    this.#stopTimer();
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
    this.onFailure(failure);
  }
}

function tooLong(command: string): PlottyError {
  return new PlottyError("internal", `${command} is longer than a board can read, and was not sent`, {
    command,
  });
}

function linkClosed(port: string, cause?: Error): PlottyError {
  const why = cause ? `: ${cause.message}` : "";
  return new PlottyError("device.link-closed", `the connection to ${port} has ended${why}`, { port }, cause);
}

function boardError(line: string, command: string | undefined, port: string): PlottyError {
  const after = command === undefined ? "unasked" : `to ${command}`;
  return new PlottyError("device.board-error", `the board on ${port} answered ${after}: ${line}`, {
    port,
    command,
    line,
  });
}

function replyInvalid(line: string, command: string | undefined, port: string): PlottyError {
  const shown = JSON.stringify(line.slice(0, 80));
  const what = command === undefined ? "unasked" : `as a reply to ${command}`;
  return new PlottyError("device.reply-invalid", `the board on ${port} sent ${shown} ${what}`, {
    port,
    command,
    line,
  });
}

function replyTimeout(command: string, timeoutMs: number, port: string): PlottyError {
  return new PlottyError(
    "device.reply-timeout",
    `no reply to ${command} from the board on ${port} within ${Math.round(timeoutMs)} ms`,
    { port, command, timeoutMs },
  );
}
