import { expect, test } from "vitest";
import { ask, listen, type RunningDaemon, startDaemon } from "../support/daemon.ts";
import { drawUntil, driverPids, expectWhole, inkLength, type Studio, studio } from "../support/studio.ts";

/** A few of each here; `PLOTTY_KILLS=100 npx vitest run test/real-time/kills.test.ts` for as many as one has time for. */
const KILLS = Number(process.env.PLOTTY_KILLS ?? 3);
const SEED = Number(process.env.PLOTTY_SEED ?? 1);
const FIRMWARES = ["2.5.3", "2.8.1", "3.0.2"];
const KINDS = ["daemon", "driver", "both", "cable"] as const;

for (let run = 0; run < KILLS; run++) {
  const random = mulberry32(SEED * 1000 + run);
  const kind = KINDS[Math.floor(random() * KINDS.length)]!;
  const firmware = FIRMWARES[run % FIRMWARES.length]!;
  const atMm = 5 + random() * 95;
  test(`killing the ${kind} at ${atMm.toFixed(1)} mm on firmware ${firmware} loses nothing and draws nothing twice`, async () => {
    const place = await studio(firmware);
    await drawUntil(place.daemon, place.board, atMm);
    const daemon = await interrupt(place, kind);
    await resume(daemon);
    expectWhole(place.board);
    expect(inkLength(place.board)).toBeGreaterThan(115);
  }, 90_000);
}

/** @returns the daemon that goes on */
async function interrupt({ daemon, cable, config, directory }: Studio, kind: (typeof KINDS)[number]) {
  const drivers = driverPids(daemon);
  switch (kind) {
    case "daemon":
      await daemon.end("SIGKILL");
      return startDaemon({ config, directory });
    case "driver":
      for (const pid of drivers) process.kill(pid, "SIGKILL");
      return daemon;
    case "both":
      for (const pid of drivers) process.kill(pid, "SIGKILL");
      await daemon.end("SIGKILL");
      return startDaemon({ config, directory });
    case "cable":
      cable.unplug();
      await paused(daemon);
      cable.plugIn();
      return daemon;
  }
}

async function paused(daemon: RunningDaemon): Promise<void> {
  while ((await ask(daemon.url, "/api/v1/jobs/long")).body.state !== "PAUSED") await turn();
}

/** Resumes as soon as the machine is back, which a person would do by trying again. */
async function resume(daemon: RunningDaemon): Promise<void> {
  await paused(daemon);
  const { until } = await listen(daemon.url);
  while ((await ask(daemon.url, "/api/v1/jobs/long/resume", "POST")).status !== 200) await turn();
  await until((frame) => frame.to_state === "COMPLETED");
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

/** A small generator of numbers in 0 … 1 that a seed repeats. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
