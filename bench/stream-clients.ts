import { WebSocket } from "ws";

/** The listeners: so many that read, so many that never do, and one that floods. Started by `stream.ts`. */
export interface ToClients {
  readonly url: string;
  readonly reading: number;
  readonly stalled: number;
  readonly flooding: number;
}

const SUBSCRIBE = JSON.stringify({
  type: "SUBSCRIBE",
  channels: ["jobs", "system", "device"],
  snapshot: true,
});
const FLOOD_EVERY_MS = 5;
const FLOOD_AT_ONCE = 200;

let frames = 0;

process.on("message", ({ url, reading, stalled, flooding }: ToClients) => {
  for (let i = 0; i < reading; i++) open(url, (socket) => socket.on("message", () => frames++));
  for (let i = 0; i < stalled; i++) open(url, (socket) => socket.pause());
  for (let i = 0; i < flooding; i++) open(url, flood);
  setInterval(() => process.send!({ frames }), 500);
});

/** A client that is shown the door comes back at once: the rude ones do. */
function open(url: string, behave: (socket: WebSocket) => void): void {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on("open", () => {
    socket.send(SUBSCRIBE);
    behave(socket);
  });
  socket.on("error", () => undefined); // a close always follows
  socket.on("close", () => setTimeout(() => open(url, behave), 250));
}

function flood(socket: WebSocket): void {
  const timer = setInterval(() => {
    for (let i = 0; i < FLOOD_AT_ONCE; i++) socket.send('{"type":"PING"}');
  }, FLOOD_EVERY_MS);
  socket.on("close", () => clearInterval(timer));
}
