import { connect, type Socket } from "node:net";
import { FRAME_BYTES, momentOf, nowUs } from "./fanout-event.ts";
import { HANDSHAKE, maskedText } from "./fanout-handshake.ts";

/**
 * The load: so many sockets in one process, sharing one read buffer and counting bytes. It speaks just enough WebSocket
 * to be let in. Started by `fanout.ts`, told by messages: `open`, `start`, `stop`.
 */
export type ToClient =
  | { readonly type: "open"; readonly port: number; readonly clients: number; readonly speaks: "tcp" | "ws" }
  | { readonly type: "start"; readonly latencies: boolean; readonly naps: boolean }
  | { readonly type: "stop" };

export type FromClient =
  | { readonly type: "ready" }
  | { readonly type: "received"; readonly bytes: number }
  | {
      readonly type: "sum";
      readonly bytes: number;
      readonly us: number;
      readonly latenciesMs: number[];
      readonly lost: number;
    };

const REPORT_MS = 5;
const AT_ONCE = 50;
const SUBSCRIBE = '{"type":"SUBSCRIBE","channels":["jobs"]}';
/**
 * Flat out, the load sleeps between two looks at its sockets. One that waits in the kernel for the next byte is woken by
 * every write, and the server pays for that: which of two servers does depends on chance, not on the server.
 */
const NAP_MS = 25;
const napping = new Int32Array(new SharedArrayBuffer(4));
const buffer = Buffer.allocUnsafe(256 * 1024);

let bytes = 0;
let lost = 0;
let startedUs = 0;
let latenciesMs: number[] | null = null;
let naps = false;

process.on("message", (message: ToClient) => {
  if (message.type === "open") void open(message);
  if (message.type === "start") {
    bytes = 0;
    latenciesMs = message.latencies ? [] : null;
    if (!naps && message.naps) setImmediate(nap);
    naps = message.naps;
    startedUs = nowUs();
  }
  if (message.type === "stop") {
    tell({ type: "sum", bytes, us: nowUs() - startedUs, latenciesMs: latenciesMs ?? [], lost });
    latenciesMs = null;
  }
});
process.on("disconnect", () => process.exit());

async function open({ port, clients, speaks }: Extract<ToClient, { type: "open" }>): Promise<void> {
  for (let n = 0; n < clients; n += AT_ONCE) {
    const some = Math.min(AT_ONCE, clients - n);
    await Promise.all(Array.from({ length: some }, () => enter(port, speaks)));
  }
  bytes = 0;
  setInterval(() => tell({ type: "received", bytes }), REPORT_MS);
  tell({ type: "ready" });
}

function nap(): void {
  if (!naps) return;
  Atomics.wait(napping, 0, 0, NAP_MS);
  setImmediate(nap);
}

/** Connects; resolves when events may come. */
function enter(port: number, speaks: "tcp" | "ws"): Promise<void> {
  return new Promise((resolve, reject) => {
    let greeting = "";
    let isIn = false;
    const greet = (length: number) => {
      greeting += buffer.toString("latin1", 0, length);
      if (speaks === "ws" && greeting.includes("\r\n\r\n") && !greeting.startsWith("HTTP/1.1 101")) {
        reject(new Error(`refused: ${greeting}`));
      }
      isIn = greeting.includes(speaks === "ws" ? '"type":"subscribed"' : SUBSCRIBE);
      if (isIn) resolve();
    };
    const take = (length: number) => {
      if (isIn) count(length);
      else greet(length);
      return true;
    };
    const socket: Socket = connect({ port, host: "127.0.0.1", onread: { buffer, callback: take } }, () => {
      socket.write(HANDSHAKE);
      socket.write(maskedText(SUBSCRIBE));
    });
    socket.setNoDelay(true);
    socket.on("error", reject);
    socket.on("close", () => {
      lost += 1;
    });
  });
}

function count(length: number): void {
  bytes += length;
  if (!latenciesMs) return;
  const us = nowUs();
  for (let at = 0; at + FRAME_BYTES <= length; at += FRAME_BYTES) {
    const sinceMs = (us - momentOf(buffer, at)) / 1000;
    // A frame that a read cut in two reads as nonsense; at a modest rate there is none.
    if (sinceMs >= 0 && sinceMs < 60_000) latenciesMs.push(sinceMs);
  }
}

function tell(message: FromClient): void {
  // The session may end between two reports, and a channel that is gone wants none.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
