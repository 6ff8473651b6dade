import { defineConfig } from "vitest/config";
import { kernelForVite } from "./build-kernel.js";
import LongestFirst from "./test/support/longest-first.ts";

/** Tests that draw in real time on a real pseudo-terminal: mostly they wait, but beside busy ones they would measure those. */
const REAL_TIME = "test/real-time/*.test.ts";

/** Tests that start no process and keep nothing in a module: one process runs many of these files. */
const CALCULATIONS = [
  "test/{shared,geometry,optimize,motion}/*.test.ts",
  "test/svg/!(browser).test.ts",
  "test/device/**/!(serial-link).test.ts",
  "test/{alert-watch,architecture,config,log,settings}.test.ts",
  "test/jobs/{job-book,job-id,keep-plan,odometer,waiting-jobs}.test.ts",
  "test/seeds/{orchestrator,yaml}-samples.test.ts",
  "test/server/{api-docs,docs,door,http,limits,multipart,orchestrator,outbox,subscribe}.test.ts",
  "test/tui/{cell-writer,connection,drawing,glance,keymap,mirror,questions,text,when-aborted}.test.ts",
];

const common = {
  testTimeout: 30_000,
  hookTimeout: 30_000,
  pool: "forks" as const,
};

export default defineConfig({
  plugins: [kernelForVite()],
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: "calculations",
          include: CALCULATIONS,
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: "rooms",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...CALCULATIONS, REAL_TIME],
          // Many wait for processes: three keep two cores busy.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: "real-time",
          // They measure times of the real clock: a host whose processors are taken away for a while is no fault of plotty's.
          retry: 2,
          include: [REAL_TIME],
          maxWorkers: 3,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
