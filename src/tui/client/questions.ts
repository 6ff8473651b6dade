import { isWaiting } from "../../shared/job-machine.ts";
import type { Channel } from "../../shared/ws-messages.ts";
import type { Api } from "./api.ts";
import type { Mirror, MirrorInput } from "./mirror.ts";

export interface QuestionsOptions {
  readonly api: Api;
  readonly channels: readonly Channel[];
  /** The mirror as it is this moment. */
  mirror(): Mirror;
  /** Hears the answers. */
  take(input: MirrorInput): void;
}

/** How often is asked for what no event tells: the queue's order, today's ink, and alerts that others have seen. */
const ASK_EVERY_MS = 10_000;
const WAITING = ["NEW", "PLANNING", "QUEUED"] as const;

/**
 * What the mirror has to ask for, because events do not tell it. A question that fails is not asked again: the daemon is away,
 * which the link tells, or what it was about is gone, which an event tells.
 */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #timer: NodeJS.Timeout;
  #isAskingDevices = false;

  constructor(options: QuestionsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#askAll(), ASK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Layers, notes and the machine of a job. */
  async job(id: string): Promise<void> {
    const { api } = this.#options;
    await this.#ask(async () => ({ type: "job", job: await api.job(id) }));
  }

  /** The paper flag, the job and today's ink of each machine. */
  async devices(): Promise<void> {
    const { api, channels } = this.#options;
    if (this.#isAskingDevices || !channels.includes("device")) return;
    this.#isAskingDevices = true;
    await this.#ask(async () => ({ type: "devices", devices: await api.devices() }));
    this.#isAskingDevices = false;
  }

  /** Alerts from before this client listened, and which of them somebody has seen. */
  async alerts(): Promise<void> {
    const { api, channels, mirror } = this.#options;
    if (!channels.includes("system")) return;
    const known = mirror().alerts;
    await this.#ask(async () => ({ type: "openAlerts", open: await api.openAlerts(), known }));
  }

  async #order(): Promise<void> {
    const { api, mirror } = this.#options;
    const waiting = [...mirror().jobs.values()].filter(({ state }) => isWaiting(state));
    if (waiting.length < 2) return;
    await this.#ask(async () => ({ type: "queue", jobs: await api.jobs(WAITING) }));
  }

  #askAll(): void {
    if (this.#options.mirror().link.state !== "live") return;
    void this.#order();
    void this.devices();
    void this.alerts();
  }

  async #ask(question: () => Promise<MirrorInput>): Promise<void> {
    try {
      this.#options.take(await question());
    } catch {
      // told by the link or an event, as above: nothing shown depends on this answer
    }
  }
}
