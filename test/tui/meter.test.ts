import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import type { Session } from "../../src/tui/session.ts";
import { Meter } from "../../src/tui/text/meter.ts";
import { createTheme } from "../../src/tui/text/theme.ts";
import { openScreen } from "../support/pty-screen.ts";
import { PLOTTY, startPlotty } from "../support/run-plotty.ts";
import { jobView } from "../support/views.ts";

const directory = mkdtempSync(join(tmpdir(), "plotty-meter-"));
const large = join(directory, "large.svg");
const line = '<path stroke="#000" fill="none" d="M10 10L20 20"/>';
writeFileSync(large, `<svg xmlns="http://www.w3.org/2000/svg">${line.repeat(120_000)}</svg>`);
afterAll(() => rmSync(directory, { recursive: true, force: true }));
afterEach(() => vi.useRealTimers());

function meterOn(terminal: { isTTY: boolean }) {
  vi.useFakeTimers();
  let written = "";
  const stderr = { ...terminal, columns: 60, write: (text: string) => (written += text) };
  const session = { stderr, env: {} } as unknown as Session;
  return { meter: new Meter(session, createTheme(false, false), "sending a.svg"), written: () => written };
}

test("what is done within a second is never told", () => {
  const { meter, written } = meterOn({ isTTY: true });
  meter.tell(0.5);
  vi.advanceTimersByTime(900);
  meter.end();
  expect(written()).toBe("");
});

test("after a second there is a bar with its share, and it is wiped at the end", () => {
  const { meter, written } = meterOn({ isTTY: true });
  meter.tell(0.5);
  vi.advanceTimersByTime(2100);
  expect(written()).toContain(`\r${"#".repeat(15)}${".".repeat(15)}  50%  sending a.svg  2 s\x1b[K`);
  meter.end();
  expect(written().endsWith("\r\x1b[K")).toBe(true);
  const length = written().length;
  vi.advanceTimersByTime(5000);
  expect(written()).toHaveLength(length);
});

test("a pipe is told nothing, however long it takes", () => {
  const { meter, written } = meterOn({ isTTY: false });
  vi.advanceTimersByTime(60_000);
  meter.end();
  expect(written()).toBe("");
});

/** A daemon on a slow line: it takes a while to read what it is sent. */
async function slowDaemon() {
  let received = 0;
  const server = createServer((request, response) => {
    const read = () => request.on("data", (chunk: Buffer) => (received += chunk.length));
    setTimeout(read, 1800);
    request.on("end", () =>
      response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify(jobView("large"))),
    );
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const url = `ws://localhost:${(server.address() as AddressInfo).port}/ws`;
  return { url, received: () => received, close: () => server.close() };
}

test("an upload of 6 MB on a slow line has a bar on a terminal, and arrives whole", async () => {
  const daemon = await slowDaemon();
  const screen = openScreen([process.execPath, PLOTTY, "add", large, "--url", daemon.url]);
  await screen.until(/\d% {2}sending large\.svg {2}1 s/);
  expect((await screen.exited).exitCode).toBe(0);
  await screen.until(/^large$/m);
  expect(screen.text()).not.toContain("sending");
  expect(daemon.received()).toBe(
    120_000 * line.length + '<svg xmlns="http://www.w3.org/2000/svg"></svg>'.length,
  );
  daemon.close();
});

test("in a pipe the same upload says the job's id and nothing else", async () => {
  const daemon = await slowDaemon();
  const { stdout, stderr } = await startPlotty(["add", large, "--url", daemon.url]).ended;
  expect([stdout, stderr]).toEqual(["large\n", ""]);
  daemon.close();
});
