import { type AddressInfo, createServer, type Socket } from "node:net";
import { textFrame } from "../src/daemon/server/frame.ts";
import { benchEvent } from "./fanout-event.ts";
import { serveBench } from "./fanout-serve.ts";

/** The least a Node process can do: every event encoded once, one write of that buffer to each plain TCP socket. */
const sockets = new Set<Socket>();
const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on("error", () => sockets.delete(socket));
  socket.on("close", () => sockets.delete(socket));
  // Both sides have spoken, as on a WebSocket: the kernel acknowledges differently on a connection that went one way only.
  socket.on("data", (data) => socket.write(data));
});

server.listen(0, "127.0.0.1", () => {
  serveBench((server.address() as AddressInfo).port, (events) => {
    const frames = Array.from({ length: events }, () => textFrame(JSON.stringify(benchEvent())));
    const merged = frames.length === 1 ? frames[0]! : Buffer.concat(frames);
    for (const socket of sockets) socket.write(merged);
  });
});
