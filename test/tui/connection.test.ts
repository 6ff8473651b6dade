import { afterEach, beforeEach, expect, test } from "vitest";
import type { ServerFrame } from "../../src/shared/ws-messages.ts";
import { parseAddress } from "../../src/tui/client/address.ts";
import { Connection, type Link } from "../../src/tui/client/connection.ts";
import { seqOf } from "../../src/tui/client/vocabulary.ts";
import { WireServer } from "../support/wire-server.ts";

let daemon: WireServer;
let connection: Connection | undefined;

beforeEach(async () => {
  daemon = await new WireServer().start();
});

afterEach(async () => {
  connection?.close();
  await daemon.stop();
});

function listen(apiKey?: string) {
  const frames: ServerFrame[] = [];
  const links: Link[] = [];
  let wake = () => {};
  connection = new Connection({
    address: parseAddress(daemon.url, apiKey),
    channels: ["jobs", "system", "device"],
    snapshot: "never",
    onFrame: (frame) => {
      frames.push(frame);
      wake();
    },
    onLink: (link) => {
      links.push(link);
      wake();
    },
  });
  /** Resolves when `holds` does; each frame and change of the link is a chance. */
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const seqs = () => frames.map(seqOf).filter((seq) => seq !== undefined);
  return { frames, links, until, seqs };
}

function alert(n: number) {
  return {
    type: "system_alert" as const,
    level: "info",
    message: `m${n}`,
    details: {},
    id: `a${n}`,
    source: "test",
  };
}

test("events from before the first subscription are not told, those after it are", async () => {
  daemon.publish(alert(1));
  const { seqs, until, links } = listen();
  await until(() => links.at(-1)?.state === "live");
  daemon.publish(alert(2));
  await until(() => seqs().length === 1);
  expect(seqs()).toEqual([2]);
});

test("a cut, and a restart during which events happened, cost no event and repeat none", async () => {
  const { seqs, until, links } = listen();
  await until(() => links.at(-1)?.state === "live");
  daemon.publish(alert(1));
  await until(() => seqs().length === 1);
  daemon.cut();
  daemon.publish(alert(2));
  await until(() => seqs().length === 2);
  await daemon.stop();
  daemon.publish(alert(3));
  daemon.publish(alert(4));
  await daemon.start();
  await until(() => seqs().length === 4);
  daemon.publish(alert(5));
  await until(() => seqs().length === 5);
  expect(seqs()).toEqual([1, 2, 3, 4, 5]);
});

test("what cannot be replayed is told as a gap, and then it goes on", async () => {
  const { frames, seqs, until, links } = listen();
  await until(() => links.at(-1)?.state === "live");
  daemon.publish(alert(1));
  await until(() => seqs().length === 1);
  await daemon.stop();
  for (const n of [2, 3, 4, 5]) daemon.publish(alert(n));
  daemon.prunedTo = 3;
  await daemon.start();
  await until(() => seqs().includes(5));
  expect(frames.find(({ type }) => type === "gap")).toMatchObject({ from_seq: 2, to_seq: 3 });
  expect(seqs()).toEqual([1, 4, 5]);
});

test("an event log that was lost is a gap too, and new events with low numbers still come", async () => {
  const { frames, seqs, until, links } = listen();
  await until(() => links.at(-1)?.state === "live");
  daemon.publish(alert(1));
  daemon.publish(alert(2));
  await until(() => seqs().length === 2);
  const port = daemon.url;
  await daemon.stop();
  daemon.loseLog("epoch-2");
  await daemon.start();
  await until(() => frames.some(({ type }) => type === "gap"));
  daemon.publish(alert(3));
  await until(() => seqs().length === 3);
  expect(daemon.url).toBe(port);
  expect(seqs()).toEqual([1, 2, 1]);
});

test("a wrong key ends the connection with a sentence, and no further try", async () => {
  daemon.apiKey = "right";
  const { links, until } = listen("wrong");
  await until(() => links.at(-1)?.state === "refused");
  const last = links.at(-1)!;
  expect(last.state === "refused" && last.error.exitCode).toBe(4);
  expect(last.state === "refused" && last.error.message).toContain("does not take this key");
});

test("while it is paused nothing is read, and after that nothing is missing", async () => {
  const { seqs, until, links } = listen();
  await until(() => links.at(-1)?.state === "live");
  connection!.pause();
  for (const n of [1, 2, 3]) daemon.publish(alert(n));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(seqs()).toEqual([]);
  connection!.resume();
  await until(() => seqs().length === 3);
  expect(seqs()).toEqual([1, 2, 3]);
});
