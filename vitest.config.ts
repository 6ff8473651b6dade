import { defineConfig } from "vitest/config";
import { kernelForVite } from "./build-kernel.js";

/** Tests that draw in real time on a real pseudo-terminal: mostly they wait, but beside busy ones they would measure those. */
const REAL_TIME = [
  "test/story.test.ts",
  "test/recovery.test.ts",
  "test/faults.test.ts",
  "test/hot-plug.test.ts",
  "test/device/ebb/pty*.test.ts",
];

const common = { testTimeout: 30_000, hookTimeout: 30_000, pool: "forks" as const };

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [kernelForVite()],
        test: {
          ...common,
          name: "rooms",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: REAL_TIME,
          // Many wait for processes: three keep two cores busy.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [kernelForVite()],
        test: {
          ...common,
          name: "real-time",
          // They measure times of the real clock: a host whose processors are taken away for a while is no fault of plotty's.
          retry: 2,
          include: REAL_TIME,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
