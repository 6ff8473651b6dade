import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BenchCase, CASES, fileOf } from "./plan-corpus.ts";
import { printStages, printTable, type Row } from "./plan-report.ts";
import type { PlanResult } from "./plan-result.ts";

/** This file runs two folders deep, from node_modules/.bench. */
const HERE = fileURLToPath(new URL(".", import.meta.url));
const BENCH = join(HERE, "../../bench");
const CHILD_LIMIT_MS = 300_000;

/** What is run on each drawing: the joining radius in mm, the effort, and whether the peer runs it too (it has one effort only). */
const RUNS = [
  { joinMm: 0.5, preset: "balanced", hasPeer: true, cases: null },
  { joinMm: 0, preset: "balanced", hasPeer: true, cases: ["lines-10k", "curves-10k", "polylines-2k"] },
  { joinMm: 0, preset: "best", hasPeer: false, cases: ["lines-10k"] },
] as const;

/** `npm run bench -- plan [--cases lines-10k,…] [--rounds 3] [--no-peer]`: from the bytes of an SVG to a plan ready to stream. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      cases: { type: "string" },
      rounds: { type: "string", default: "3" },
      "no-peer": { type: "boolean", default: false },
    },
  });
  const wanted = values.cases?.split(",");
  const hasPeer = !values["no-peer"] && installPeer();
  const folder = mkdtempSync(join(tmpdir(), "plotty-bench-"));
  const rows: Row[] = [];
  try {
    for (const each of CASES.filter(({ name }) => !wanted || wanted.includes(name))) {
      writeFileSync(join(folder, "mm.svg"), fileOf(each, "mm"));
      writeFileSync(join(folder, "px.svg"), fileOf(each, "px"));
      for (const one of RUNS) {
        if (one.cases && !(one.cases as readonly string[]).includes(each.name)) continue;
        rows.push(measure(each, one, folder, Number(values.rounds), hasPeer));
        process.stderr.write(`${each.name}, join ${one.joinMm} mm, ${one.preset}: done\n`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  printTable(rows);
  printStages(rows);
}

/** @returns false when it is not there and cannot be installed */
function installPeer(): boolean {
  if (existsSync(join(BENCH, "node_modules/saxi/package.json"))) return true;
  process.stderr.write("installing saxi 0.15.0 under bench/, without its install scripts\n");
  try {
    execFileSync("npm", ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund"], {
      cwd: BENCH,
      stdio: ["ignore", "ignore", "inherit"],
      timeout: CHILD_LIMIT_MS,
    });
    return true;
  } catch (error) {
    process.stderr.write(`saxi cannot be installed (${(error as Error).message}): plotty runs alone\n`);
    return false;
  }
}

/** The two take turns, so that a busy moment of the machine hits both; of each the run in the middle counts. */
function measure(
  each: BenchCase,
  { joinMm, preset, hasPeer: peerTakesPart }: (typeof RUNS)[number],
  folder: string,
  rounds: number,
  hasPeer: boolean,
): Row {
  const size = [`${each.widthMm}`, `${each.heightMm}`, `${joinMm}`];
  const ours: PlanResult[] = [];
  const peers: PlanResult[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(runChild("plan-ours.js", [join(folder, "mm.svg"), ...size, preset]));
    if (hasPeer && peerTakesPart)
      peers.push(runChild("plan-saxi.js", [BENCH, join(folder, "px.svg"), ...size]));
  }
  return {
    name: each.name,
    joinMm,
    preset,
    ours: middle(ours),
    peer: peers.length > 0 ? middle(peers) : null,
  };
}

function runChild(program: string, args: readonly string[]): PlanResult {
  const output = execFileSync(process.execPath, [join(HERE, program), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    timeout: CHILD_LIMIT_MS,
  });
  return JSON.parse(output) as PlanResult;
}

/** The run with the median time on the clock. */
function middle(results: readonly PlanResult[]): PlanResult {
  return [...results].sort((a, b) => a.wallMs - b.wallMs)[results.length >> 1]!;
}
