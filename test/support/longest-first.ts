import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, so that no worker is left with one of them alone at the end; a host that has never run them cannot know. */
const LONGEST = [
  "real-time/at-the-machine",
  "real-time/board-faults",
  "real-time/losses",
  "doors",
  "svg/browser",
  "tui/command-line",
  "server/threats",
  "tui/monitor-screen",
  "disk-and-time",
  "offline/commands",
  "tui/real-daemon",
  "svg/flatten",
  "svg/mutations",
];

/** The order in which vitest takes the files: those first, the others as it would. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return rank < 0 ? LONGEST.length : rank;
}
