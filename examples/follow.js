// Follows every job of a plotty daemon, through its restarts, without losing or repeating a change.
// node examples/follow.js [ws://localhost:8766/ws]          (npm install ws)
import { WebSocket } from "ws";

const url = process.argv[2] ?? "ws://localhost:8766/ws";
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

let delayMs = FIRST_DELAY_MS;
/** The last change we saw: where to go on after a reconnection. */
let since;

function connect() {
  const socket = new WebSocket(url);
  socket.on("open", () => {
    socket.send(JSON.stringify({ type: "SUBSCRIBE", channels: ["jobs", "system"], since }));
  });
  socket.on("message", (data) => take(JSON.parse(data.toString())));
  socket.on("error", () => {}); // a "close" follows
  socket.on("close", (code) => {
    if (code === 4001) {
      console.error("the daemon wants its key: add ?api_key=… to the address");
      process.exitCode = 4;
      return;
    }
    setTimeout(connect, delayMs);
    delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
  });
}

function take(message) {
  if (message.type === "subscribed") {
    delayMs = FIRST_DELAY_MS;
    since ??= { epoch: message.epoch, seq: message.seq };
    since.epoch = message.epoch;
  }
  if (message.seq > since.seq) since.seq = message.seq;
  if (message.type === "gap") {
    since.seq = message.to_seq;
    console.log(`missed for good: ${message.from_seq} to ${message.to_seq}`);
  }
  if (message.type === "job_state_change")
    console.log(`${message.job_id}: ${message.from_state ?? "-"} -> ${message.to_state}`);
  if (message.type === "system_alert") console.log(`${message.level}: ${message.message}`);
}

connect();
