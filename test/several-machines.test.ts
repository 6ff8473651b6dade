import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, listen, plotty, startDaemon } from "./support/daemon.ts";
import { dataDir } from "./support/data-dir.ts";

/** 160 x 101 mm within reach of the first, 430 x 296 mm of the second. */
const SMALL_AND_LARGE = `
  - {id: small, driver: virtual, model: axidraw_minikit, speed: 20, require_ready: true}
  - {id: large, driver: virtual, model: axidraw_v3_a3, speed: 20, require_ready: true}
`;

/** One line of so many mm. */
function line(name: string, lengthMm: number): string {
  const path = join(dataDir(), name);
  const size = `width="${lengthMm}mm" height="50mm" viewBox="0 0 ${lengthMm} 50"`;
  writeFileSync(
    path,
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}><path d="M0 5H${lengthMm}" stroke="black"/></svg>`,
  );
  return path;
}

test("a drawing too large for the first machine is planned for the one that draws it whole, ready or not", async () => {
  const { url } = await startDaemon({ config: `devices:${SMALL_AND_LARGE}` });
  const { until } = await listen(url);
  const env = { PLOTTY_URL: url };
  await plotty(["add", line("wide.svg", 400), line("narrow.svg", 100)], env);
  await until((frame) => frame.job_id === "narrow" && frame.to_state === "QUEUED");
  expect((await ask(url, "/api/v1/jobs/wide")).body).toMatchObject({
    notes: [],
    estimate: { ink_mm: expect.closeTo(400, 3) },
  });
  await plotty(["ready", "small"], env);
  await until((frame) => frame.job_id === "narrow" && frame.to_state === "COMPLETED");
  await plotty(["ready", "large"], env);
  await until((frame) => frame.job_id === "wide" && frame.to_state === "COMPLETED");
  expect((await ask(url, "/api/v1/jobs/wide")).body.device).toBe("large");
});

test("of two small drawings the second is planned anew for the other machine as soon as that has paper", async () => {
  const { url } = await startDaemon({ config: `devices:${SMALL_AND_LARGE}` });
  const { until } = await listen(url);
  const env = { PLOTTY_URL: url };
  await plotty(["add", line("one.svg", 100), line("two.svg", 100)], env);
  await until((frame) => frame.job_id === "two" && frame.to_state === "QUEUED");
  await plotty(["ready", "small"], env);
  await until((frame) => frame.job_id === "one" && frame.to_state === "RUNNING");
  await plotty(["ready", "large"], env);
  await until((frame) => frame.job_id === "two" && frame.reason === "Planned anew for large");
  await until((frame) => frame.job_id === "two" && frame.to_state === "COMPLETED");
  expect((await ask(url, "/api/v1/jobs/two")).body.device).toBe("large");
});

test("a drawing that only the large machine holds is never cut for the small one, and a job moved to a machine goes there", async () => {
  const { url } = await startDaemon({ config: `devices:${SMALL_AND_LARGE}` });
  const { until, frames } = await listen(url);
  const env = { PLOTTY_URL: url };
  await plotty(["add", line("wide.svg", 400)], env);
  await until((frame) => frame.job_id === "wide" && frame.to_state === "QUEUED");
  await plotty(["ready", "small"], env);
  await plotty(["add", line("narrow.svg", 100)], env);
  await until((frame) => frame.job_id === "narrow" && frame.to_state === "COMPLETED");
  expect(frames.filter(({ job_id, to_state }) => job_id === "wide" && to_state === "PLANNING")).toHaveLength(
    1,
  );
  expect((await plotty(["move", "wide", "--device", "small"], env)).code).toBe(0);
  await until((frame) => frame.job_id === "wide" && frame.reason === "Planned anew for small");
  let job = (await ask(url, "/api/v1/jobs/wide")).body;
  while (job.state === "PLANNING") job = (await ask(url, "/api/v1/jobs/wide")).body;
  expect(job).toMatchObject({
    state: "QUEUED",
    device: "small",
    estimate: { ink_mm: expect.closeTo(160, 1) },
  });
});

test("a job that has begun stays with its machine", async () => {
  const config = `devices:${SMALL_AND_LARGE.replaceAll("speed: 20", "speed: 1")}`;
  const { url } = await startDaemon({ config });
  const { until } = await listen(url);
  const env = { PLOTTY_URL: url };
  await plotty(["add", line("begun.svg", 150)], env);
  await plotty(["ready", "small"], env);
  await until((frame) => frame.job_id === "begun" && frame.to_state === "RUNNING");
  const moved = await plotty(["move", "begun", "--device", "large"], env);
  expect(moved.code).toBe(1);
  expect(moved.stderr).toContain("begun is RUNNING: a job goes to another machine only before it has begun");
});

test("a job that waits for a model that is gone is planned anew for the machine that is there", async () => {
  const one = (model: string) =>
    `devices: [{id: m, driver: virtual, model: ${model}, speed: 20, require_ready: true}]\n`;
  const { url, directory, end } = await startDaemon({ config: one("axidraw_v3_a3") });
  const { until } = await listen(url);
  await plotty(["add", line("wide.svg", 400)], { PLOTTY_URL: url });
  await until((frame) => frame.job_id === "wide" && frame.to_state === "QUEUED");
  await end();
  const later = await startDaemon({ config: one("axidraw_minikit"), directory });
  const events = await listen(later.url);
  await plotty(["ready"], { PLOTTY_URL: later.url });
  await events.until((frame) => frame.job_id === "wide" && frame.to_state === "COMPLETED");
  const { notes } = (await ask(later.url, "/api/v1/jobs/wide")).body;
  expect(notes).toEqual(["1 stroke reached beyond what the machine reaches and was cut"]);
});

test("plot without a machine's name declares the paper of the machine that its drawing is planned for", async () => {
  const { url } = await startDaemon({ config: `devices:${SMALL_AND_LARGE}` });
  const env = { PLOTTY_URL: url };
  const done = await plotty(["plot", line("wide.svg", 400)], env);
  expect([done.code, done.stdout]).toEqual([0, expect.stringContaining("wide COMPLETED")]);
  expect((await ask(url, "/api/v1/jobs/wide")).body).toMatchObject({
    device: "large",
    model: "axidraw_v3_a3",
  });
  expect((await ask(url, "/api/v1/devices/small")).body.ready).toBe(false);
});
