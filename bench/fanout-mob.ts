import { connect, type Socket } from "node:net";
import { STUCK_CHANNEL } from "./fanout-event.ts";
import { HANDSHAKE, maskedText } from "./fanout-handshake.ts";

/**
 * Three clients that behave badly, in one process: one subscribes and never reads, one sends messages as fast as the daemon
 * takes them and comes back when it is ended, one opens and drops a hundred connections a second. Told by messages.
 */
export type ToMob = { readonly type: "misbehave"; readonly port: number } | { readonly type: "behave" };

export type FromMob = {
  readonly type: "misdeeds";
  readonly floodedMessages: number;
  readonly floods: number;
  readonly dropped: number;
};

const DROPS_A_SECOND = 100;
const DROP_EVERY_MS = 1000 / DROPS_A_SECOND;
const PING = maskedText('{"type":"PING"}');
const PINGS_A_WRITE = 1000;
const FLOOD = Buffer.concat(Array<Buffer>(PINGS_A_WRITE).fill(PING));

let isOn = false;
let floodedMessages = 0;
let floods = 0;
let dropped = 0;
let dropping: NodeJS.Timeout;

process.on("message", (message: ToMob) => {
  isOn = message.type === "misbehave";
  if (message.type === "misbehave") {
    neverRead(message.port);
    flood(message.port);
    openAndDrop(message.port);
  } else {
    clearInterval(dropping);
    const misdeeds: FromMob = { type: "misdeeds", floodedMessages, floods, dropped };
    process.send?.(misdeeds);
  }
});
process.on("disconnect", () => process.exit());

function neverRead(port: number): void {
  const socket = enter(port, maskedText(`{"type":"SUBSCRIBE","channels":["${STUCK_CHANNEL}"]}`));
  socket.pause();
}

function flood(port: number): void {
  if (!isOn) return;
  floods += 1;
  const socket = enter(port, FLOOD);
  const more = (error?: Error | null) => {
    if (error || !isOn) return socket.destroy();
    floodedMessages += PINGS_A_WRITE;
    return socket.write(FLOOD, more);
  };
  socket.once("connect", () => more());
  socket.resume();
  socket.on("close", () => setImmediate(flood, port));
}

/** A tick late is made up for by the next, so that it is a hundred a second on a busy machine too. */
function openAndDrop(port: number): void {
  const startMs = performance.now();
  let opened = 0;
  dropping = setInterval(() => {
    for (; opened < ((performance.now() - startMs) / 1000) * DROPS_A_SECOND; opened++) {
      const socket = enter(port, maskedText('{"type":"SUBSCRIBE","channels":["jobs"]}'));
      socket.once("data", () => {
        dropped += 1;
        socket.resetAndDestroy();
      });
    }
  }, DROP_EVERY_MS);
}

/** Connects and says `words`; an end by the daemon is what these wait for. */
function enter(port: number, words: Buffer): Socket {
  const socket = connect(port, "127.0.0.1", () => {
    socket.write(HANDSHAKE);
    socket.write(words);
  });
  socket.on("error", () => socket.destroy());
  return socket;
}
