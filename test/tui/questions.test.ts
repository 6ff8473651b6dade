import { afterEach, expect, test, vi } from "vitest";
import type { Api } from "../../src/tui/client/api.ts";
import { EMPTY_MIRROR, type Mirror, reflect } from "../../src/tui/client/mirror.ts";
import { waitingJobs } from "../../src/tui/client/order-jobs.ts";
import { Questions } from "../../src/tui/client/questions.ts";
import { deviceView, jobView } from "../support/views.ts";

afterEach(() => vi.useRealTimers());

/** A client that knows two waiting jobs, and a daemon where somebody has changed their order and drawn 3 m. */
function client(link: Mirror["link"]) {
  vi.useFakeTimers();
  const jobs = new Map(["a", "b"].map((id) => [id, jobView(id)]));
  let mirror: Mirror = { ...EMPTY_MIRROR, link, jobs };
  const asked: string[] = [];
  const answer = <T>(name: string, value: T) => {
    asked.push(name);
    return Promise.resolve(value);
  };
  const api = {
    jobs: () => answer("jobs", [jobView("b", { rank: 0 }), jobView("a")]),
    devices: () => answer("devices", [deviceView("north", { inked_today_mm: 3000 })]),
    openAlerts: () => answer("alerts", []),
  } as unknown as Api;
  const questions = new Questions({
    api,
    channels: ["jobs", "system", "device"],
    mirror: () => mirror,
    take: (input) => (mirror = reflect(mirror, input)),
  });
  return { questions, asked, mirror: () => mirror };
}

test("what no event tells is known within ten seconds: another order of the queue, and today's ink", async () => {
  const { questions, mirror } = client({ state: "live", connectedInMs: 1 });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(waitingJobs(mirror().jobs.values()).map(({ id }) => id)).toEqual(["b", "a"]);
  expect(mirror().devices.get("north")?.inked_today_mm).toBe(3000);
  questions.close();
});

test("a daemon that is away is asked nothing, and neither is one after the end", async () => {
  const away = client({ state: "lost", reason: "gone", retryInMs: 1000 });
  await vi.advanceTimersByTimeAsync(60_000);
  away.questions.close();
  const live = client({ state: "live", connectedInMs: 1 });
  live.questions.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([...away.asked, ...live.asked]).toEqual([]);
});
