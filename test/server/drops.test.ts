import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { type TestServer, testServer } from "./support.ts";

/** A few of each here; `PLOTTY_DROPPERS=200 PLOTTY_EVENTS=100000 npx vitest run test/server/drops.test.ts` for the full size. */
const CLIENTS = Number(process.env.PLOTTY_DROPPERS ?? 20);
const EVENTS = Number(process.env.PLOTTY_EVENTS ?? 1500);
const BURST = 10;
/** Every tenth client stays away from here … */
const LONG_AWAY_AT = EVENTS / 10;
/** … until here, when events up to the second number are no longer kept. */
const PRUNED_AT = Math.round((EVENTS * 2) / 3 / BURST) * BURST;
const PRUNED_THROUGH = Math.round(EVENTS * 0.4);
/** The others never are further behind than this. */
const CLOSE_BEHIND = 200;
/** What one delivery costs at worst in this process, which is daemon and clients in one, ms. */
const MS_A_DELIVERY = 0.2;

/** The same numbers every time. */
function chance(seed: number): (below: number) => number {
  let state = seed * 7919 + 1;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

/** A client that drops its connection after some events, comes back with `since`, and writes down what it was told. */
class Dropper {
  readonly #daemon: TestServer;
  readonly #chance: (below: number) => number;
  readonly staysAway: boolean;
  #socket: WebSocket | null = null;
  since: { epoch: string; seq: number } | undefined;
  firstSeq = -1;
  connections = 0;
  gaps = 0;
  /** Numbers heard, and those of gaps, in the order in which they came. */
  readonly told: number[] = [];

  constructor(daemon: TestServer, n: number) {
    this.#daemon = daemon;
    this.#chance = chance(n);
    this.staysAway = n % 10 === 0;
    this.#connect();
    onTestFinished(() => this.#socket?.terminate());
  }

  get seq(): number {
    return this.since?.seq ?? -1;
  }

  #connect(): void {
    this.connections += 1;
    const socket = new WebSocket(this.#daemon.server.url);
    this.#socket = socket;
    let left = 20 + this.#chance(200);
    socket.on("open", () =>
      socket.send(JSON.stringify({ type: "SUBSCRIBE", channels: ["all"], since: this.since })),
    );
    socket.on("error", () => {});
    socket.on("message", (data) => {
      if (socket !== this.#socket) return;
      this.#take(JSON.parse(data.toString()));
      left -= 1;
      if (left > 0) return;
      socket.terminate();
      this.#socket = null;
      this.#comeBack();
    });
  }

  #comeBack(): void {
    const isAway = this.staysAway && this.seq > LONG_AWAY_AT && this.#daemon.eventLog.lastSeq < PRUNED_AT;
    if (isAway || this.#chance(3) === 0) setTimeout(() => this.#comeBack(), 1 + this.#chance(10));
    else this.#connect();
  }

  #take(frame: { type: string; epoch: string; seq?: number; from_seq: number; to_seq: number }): void {
    if (frame.type === "subscribed") {
      if (this.since) return;
      this.since = { epoch: frame.epoch, seq: frame.seq! };
      this.firstSeq = frame.seq! + 1;
    } else if (frame.type === "gap") {
      this.gaps += 1;
      for (let seq = frame.from_seq; seq <= frame.to_seq; seq++) this.#note(seq);
    } else if (frame.seq !== undefined) this.#note(frame.seq);
  }

  #note(seq: number): void {
    this.told.push(seq);
    this.since!.seq = seq;
  }
}

const sizes = `${CLIENTS} clients that drop at random over ${EVENTS.toLocaleString("en")} events`;

test(
  `${sizes} each hear every number once, in order, or one gap`,
  async () => {
    const daemon = await testServer({ websocket: { max_connections: 1000 } });
    const clients = Array.from({ length: CLIENTS }, (_, n) => new Dropper(daemon, n));
    await waitFor(() => clients.every(({ since }) => since !== undefined), "all subscribed");
    for (let seq = 0; seq < EVENTS; seq += BURST) {
      for (let n = 0; n < BURST; n++) daemon.alert("tick");
      if (seq + BURST === PRUNED_AT) daemon.eventLog.pruneThrough(PRUNED_THROUGH);
      await waitFor(
        () => clients.every(({ staysAway, seq: heard }) => staysAway || heard > seq - CLOSE_BEHIND),
        "those who come back soon",
      );
    }
    await waitFor(
      () => clients.every(({ seq }) => seq === EVENTS),
      "everyone's last event",
      () => clients.reduce((sum, { seq }) => sum + seq, 0),
    );
    // Compared here, since a matcher takes longer for a million numbers than the daemon did to send them.
    for (const { told, firstSeq } of clients) {
      expect(told).toHaveLength(EVENTS - firstSeq + 1);
      expect(told.findIndex((seq, i) => seq !== firstSeq + i)).toBe(-1);
    }
    const away = clients.filter(({ gaps }) => gaps > 0);
    expect(away).toHaveLength(CLIENTS / 10);
    expect(away.every(({ gaps }) => gaps === 1)).toBe(true);
    expect(clients.reduce((sum, { connections }) => sum + connections, 0)).toBeGreaterThan(CLIENTS * 5);
  },
  30_000 + CLIENTS * EVENTS * MS_A_DELIVERY,
);

/** @param progress what grows as long as there is hope: those who were away for long have much to read */
async function waitFor(isTrue: () => boolean, what: string, progress = () => 0): Promise<void> {
  let deadline = Date.now() + 20_000;
  let before = progress();
  while (!isTrue()) {
    if (progress() > before) deadline = Date.now() + 20_000;
    before = progress();
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
