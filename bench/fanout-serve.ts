import { FRAME_BYTES } from "./fanout-event.ts";

/** What both servers under test do besides serving: publish at a pace or flat out, and tell what it took them. */
export type ToServer =
  | { readonly type: "memory" }
  | { readonly type: "paced"; readonly perSecond: number }
  | { readonly type: "flood"; readonly perTurn: number; readonly clients: number }
  | { readonly type: "received"; readonly bytes: number }
  | { readonly type: "mark" }
  | { readonly type: "stop" };

export type FromServer =
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "memory"; readonly rssBytes: number }
  | { readonly type: "cpu"; readonly us: number };

/** Bytes on their way to one client, on average, before the publisher waits: no server may outrun its reader. */
const WINDOW_BYTES = 64 * 1024;

/** @param publish makes and publishes so many events, in one turn of the event loop */
export function serveBench(port: number, publish: (events: number) => void): void {
  let cancel = () => {};
  let receivedBytes = 0;
  let mark = process.cpuUsage();
  process.on("message", (message: ToServer) => {
    if (message.type === "memory") tell({ type: "memory", rssBytes: settledRss() });
    if (message.type === "paced") cancel = pace(message.perSecond, publish);
    if (message.type === "received") receivedBytes = message.bytes;
    if (message.type === "flood") {
      receivedBytes = 0;
      cancel = flood(message, publish, () => receivedBytes);
    }
    if (message.type === "mark") {
      const { user, system } = process.cpuUsage(mark);
      mark = process.cpuUsage();
      tell({ type: "cpu", us: user + system });
    }
    if (message.type === "stop") cancel();
  });
  process.on("disconnect", () => process.exit());
  tell({ type: "listening", port });
}

function pace(perSecond: number, publish: (events: number) => void): () => void {
  const timer = setInterval(() => publish(1), 1000 / perSecond);
  return () => clearInterval(timer);
}

function flood(
  { perTurn, clients }: Extract<ToServer, { type: "flood" }>,
  publish: (events: number) => void,
  receivedBytes: () => number,
): () => void {
  let isOn = true;
  let sentBytes = 0;
  const turn = () => {
    if (!isOn) return;
    if (sentBytes - receivedBytes() < WINDOW_BYTES * clients) {
      publish(perTurn);
      sentBytes += perTurn * clients * FRAME_BYTES;
    }
    setImmediate(turn);
  };
  turn();
  return () => {
    isOn = false;
  };
}

function settledRss(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

function tell(message: FromServer): void {
  process.send?.(message);
}
