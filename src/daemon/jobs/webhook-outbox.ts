import type { Clock } from "../../shared/clock.ts";
import { PlottyError } from "../../shared/errors.ts";
import type { UndeliveredView } from "../../shared/http-messages.ts";
import type { NewAlert } from "../alert-book.ts";
import type { Config, HookEvent } from "../config-schema.ts";
import type { Logger } from "../log.ts";
import { callWebhook, hostOf, WebhookError } from "./call-webhook.ts";
import type { Delivery, WebhookStore } from "./webhook-store.ts";

export interface WebhookOutboxOptions {
  readonly store: WebhookStore;
  readonly clock: Clock;
  /** Read at every attempt: a secret may have changed. */
  readonly hooks: Config["hooks"];
  readonly raise: (alert: NewAlert) => void;
  readonly over: (key: string, message: string) => void;
  readonly log: Logger;
}

const FIRST_RETRY_MS = 1000;
const RETRY_FACTOR = 4;
const LONGEST_RETRY_MS = 3_600_000;
/** Somewhat more than a day of trying. */
const MOST_ATTEMPTS = 30;
/** A receiver that does not want it is not asked for a day. */
const MOST_REFUSALS = 3;
const DISK_RETRY_MS = 30_000;
/** From this failed attempt on it is an alert. */
const TELL_AT = 3;

/** Webhooks on their way: on disk until their receiver took them, each receiver's in order, tried again with back-off. */
export class WebhookOutbox {
  readonly #options: WebhookOutboxOptions;
  readonly #closing = new AbortController();
  readonly #draining = new Map<string, Promise<void>>();
  /** When each is tried next, by number. */
  readonly #due = new Map<number, { attempts: number; atMs: number }>();
  #cancel: () => void = () => {};

  constructor(options: WebhookOutboxOptions) {
    this.#options = options;
  }

  /** Goes on with what an earlier daemon has left. */
  start(): void {
    this.#schedule();
  }

  /** On disk from now on; belongs in the transaction of what it tells of. @returns its number */
  add(event: HookEvent, subject: string, url: string, body: string): number {
    return this.#options.store.add({ event, subject, url, body }, this.#options.clock.wallMs());
  }

  /** Resolves when it was tried, or where it has to wait behind another: how it went is told by alerts. */
  async deliver(id: number): Promise<void> {
    const { store } = this.#options;
    const delivery = store.get(id);
    if (!delivery || store.head(delivery.url)?.id !== id) return this.#schedule();
    await this.#drain(delivery.url);
  }

  list(): UndeliveredView[] {
    return this.#options.store.all().map(viewOf);
  }

  /** Tries one again now, also one that was given up. Throws `hook.not-found`. */
  async retry(id: number): Promise<void> {
    const { store, clock } = this.#options;
    if (!store.reset(id, clock.wallMs())) throw notFound(id);
    await this.#drain(store.get(id)!.url);
  }

  drop(id: number): void {
    if (!this.#options.store.remove(id)) throw notFound(id);
    this.#due.delete(id);
    this.#schedule();
  }

  /** What is under way is tried again by the next daemon. */
  async close(): Promise<void> {
    this.#cancel();
    this.#closing.abort(new Error("the daemon stops"));
    await Promise.all(this.#draining.values());
  }

  /** Sends what is due to one receiver, oldest first, one after the other. */
  #drain(url: string): Promise<void> {
    const running = this.#draining.get(url);
    if (running) return running;
    const { log, clock } = this.#options;
    const sent = this.#sendDue(url).finally(() => this.#draining.delete(url));
    const drained = sent
      .then(() => this.#schedule())
      .catch((error: unknown) => {
        // The disk: what was sent may be sent once more, with the same number.
        log.error({ err: error }, "webhooks wait: what became of one cannot be kept");
        this.#cancel();
        this.#cancel = clock.after(DISK_RETRY_MS, () => void this.#drain(url));
      });
    this.#draining.set(url, drained);
    return drained;
  }

  async #sendDue(url: string): Promise<void> {
    const { store } = this.#options;
    while (!this.#closing.signal.aborted) {
      const next = store.head(url);
      if (!next || this.#waitMs(next) > 0) return;
      await this.#try(next);
    }
  }

  async #try(delivery: Delivery): Promise<void> {
    const { store, over, log } = this.#options;
    const { id, url, body, subject } = delivery;
    try {
      await callWebhook(
        { url, body, delivery: String(id), secret: this.#secretFor(delivery) },
        this.#closing.signal,
      );
      store.remove(id);
      this.#due.delete(id);
      log.info({ job: subject, delivery: id, host: hostOf(url) }, "webhook delivered");
      over(keyOf(url), `${hostOf(url)} takes webhooks again`);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      if (!(error instanceof WebhookError)) throw error;
      this.#failed(delivery, error);
    }
  }

  #failed(delivery: Delivery, { message, isRefusal }: WebhookError): void {
    const { store, clock, raise, log } = this.#options;
    const { id, url, event, subject } = delivery;
    const attempts = delivery.attempts + 1;
    const isOver = attempts >= (isRefusal ? MOST_REFUSALS : MOST_ATTEMPTS);
    store.failed(id, attempts, clock.wallMs() + retryMs(attempts), message, isOver ? clock.wallMs() : null);
    log.warn({ job: subject, delivery: id, attempts }, `webhook failed: ${message}`);
    if (attempts < TELL_AT) return;
    const then = isOver
      ? "it was given up: plotty hooks retry sends it"
      : "it is tried again for a day: plotty hooks list";
    raise({
      key: keyOf(url),
      level: "warning",
      source: "hook",
      message: `the webhook for ${event} of ${subject} failed: ${message}; ${then}`,
      details: { state: event, delivery: id, attempts },
      ...(event !== "ALERT" && { jobId: subject }),
    });
  }

  /** Wakes up when the first of the receivers' next ones is due. */
  #schedule(): void {
    this.#cancel();
    if (this.#closing.signal.aborted) return;
    const { store, clock } = this.#options;
    const heads = store.heads().filter(({ url }) => !this.#draining.has(url));
    if (heads.length === 0) return;
    const soonest = heads.reduce((a, b) => (this.#waitMs(a) <= this.#waitMs(b) ? a : b));
    this.#cancel = clock.after(this.#waitMs(soonest), () => void this.#drain(soonest.url));
  }

  /**
   * Reckoned once a try, on the clock that never jumps: one that was set back makes nobody wait longer than the back-off,
   * one that was set forward only shortens what an earlier daemon has left.
   */
  #waitMs({ id, attempts, nextMs }: Delivery): number {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const known = this.#due.get(id);
    if (known?.attempts === attempts) return Math.max(0, known.atMs - nowMs);
    const waitMs = Math.min(Math.max(0, nextMs - clock.wallMs()), retryMs(attempts));
    this.#due.set(id, { attempts, atMs: nowMs + waitMs });
    return waitMs;
  }

  #secretFor({ event, url }: Delivery): string | undefined {
    return this.#options.hooks[event]?.find(({ webhook }) => webhook === url)?.secret;
  }
}

/** @param attempts that failed; none: at once */
function retryMs(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(FIRST_RETRY_MS * RETRY_FACTOR ** (attempts - 1), LONGEST_RETRY_MS);
}

function keyOf(url: string): string {
  return `webhook/${hostOf(url)}`;
}

function viewOf({
  id,
  event,
  subject,
  url,
  createdMs,
  attempts,
  nextMs,
  error,
  givenUpMs,
}: Delivery): UndeliveredView {
  const at = (ms: number) => new Date(ms).toISOString();
  return {
    id,
    state: event,
    subject,
    host: hostOf(url),
    created_at: at(createdMs),
    attempts,
    next_at: givenUpMs === null ? at(nextMs) : null,
    error,
    given_up_at: givenUpMs === null ? null : at(givenUpMs),
  };
}

function notFound(id: number): PlottyError {
  return new PlottyError(
    "hook.not-found",
    `there is no undelivered webhook ${id}: plotty hooks list shows them`,
    { id },
  );
}
