import xterm from "@xterm/headless";
import type { WireServer } from "../test/support/wire-server.ts";
import { openMonitor } from "./cli-start.ts";
import { type Load, publish, wait } from "./cli-traffic.ts";

const PRESSES = 40;
/** Each key with what is on the screen after it, and not before. */
const KEYS = [
  ["?", "goes back"],
  ["x", "> job_0"],
  ["j", "> job_1"],
  ["k", "> job_0"],
] as const;

/** From a key press until the screen shows what it does, ms, the fastest first, while events come. */
export async function keyDelays(daemon: WireServer, load: Load): Promise<number[]> {
  const { columns, rows } = load;
  const child = openMonitor(daemon.url, columns, rows);
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  let wake = () => {};
  child.onData((data) => terminal.write(data, () => wake()));
  const exited = new Promise<void>((resolve) => child.onExit(() => resolve()));
  const shows = async (words: string) => {
    while (!textOf(terminal).includes(words)) await new Promise<void>((resolve) => (wake = resolve));
  };
  const press = async ([key, words]: (typeof KEYS)[number]) => {
    const started = performance.now();
    child.write(key);
    await shows(words);
    return performance.now() - started;
  };
  for (const key of KEYS) await press(key); // until here Ink was being loaded
  const publishing = publish(daemon, load);
  const delays: number[] = [];
  for (let i = 0; i < PRESSES; i++) {
    await wait(20 + ((i * 37) % 100)); // at every moment of a frame's 100 ms
    delays.push(await press(KEYS[i % KEYS.length]!));
  }
  await publishing;
  child.write("q");
  await exited;
  return delays.sort((a, b) => a - b);
}

function textOf({ buffer: { active }, rows }: InstanceType<typeof xterm.Terminal>): string {
  return Array.from({ length: rows }, (_, y) => active.getLine(y)!.translateToString(true)).join("\n");
}
