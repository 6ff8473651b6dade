import { PlottyError } from "../shared/errors.ts";
import type { Size } from "../shared/geometry.ts";
import type { PenSettings, PlotOptions, PlotSettings } from "../shared/plot-settings.ts";
import type { Config } from "./config-schema.ts";
import { type MachineModel, machineModel } from "./device/models.ts";
import { penSettings } from "./device/pens.ts";
import { SLICE_LIMITS } from "./motion/slices.ts";

/** Papers that need no configuration, mm, upright. */
const PAPERS: Readonly<Record<string, Size>> = {
  a6: { widthMm: 105, heightMm: 148 },
  a5: { widthMm: 148, heightMm: 210 },
  a4: { widthMm: 210, heightMm: 297 },
  a3: { widthMm: 297, heightMm: 420 },
  a2: { widthMm: 420, heightMm: 594 },
  letter: { widthMm: 215.9, heightMm: 279.4 },
  legal: { widthMm: 215.9, heightMm: 355.6 },
  tabloid: { widthMm: 279.4, heightMm: 431.8 },
};

/** Left free around a drawing that is scaled to its paper; one at true size is cut only by margins somebody asked for. */
const FIT_MARGIN_MM = 10;

/**
 * What was asked for and what is configured, made one: all that planning needs. The daemon and the commands that need no
 * daemon call this same function, so they make the very same plan.
 *
 * @param modelName the machine it is planned for; missing: that of the first device
 */
export function resolveSettings(config: Config, options: PlotOptions, modelName?: string): PlotSettings {
  const model = machineModel(modelName ?? config.devices[0]?.model ?? "axidraw_v3");
  const pens = Object.entries(config.pens).map(([name, pen]) => penSettings(name, pen, model));
  const defaultPen = choosePen(pens, options.pen);
  const { planning } = config;
  const penUp = {
    speedMmPerS: planning.penup_speed_mm_s,
    accelMmPerS2: planning.penup_accel_mm_s2,
    jerkMmPerS3: jerkFor(planning.penup_accel_mm_s2, options.jerkMmPerS3 ?? planning.jerk_mm_s3),
  };
  return {
    reading: { toleranceMm: planning.tolerance_mm, layers: options.layers ?? "inkscape" },
    page: pageSettings(config, options, model),
    optimize: {
      preset: options.optimize ?? planning.preset,
      joinMm: options.joinMm ?? planning.join_mm ?? defaultPen.widthMm / 2,
      keepOrder: options.keepOrder ?? false,
      dropDoubles: options.keepDoubles === undefined ? planning.drop_doubles : !options.keepDoubles,
      penUp,
      penCycleS: defaultPen.liftS + defaultPen.dropS,
    },
    motion: {
      penUp,
      junctionDeviationMm: planning.junction_deviation_mm,
      pens,
      defaultPen: defaultPen.name,
      onePen: options.pen !== undefined,
    },
  };
}

/** A jerk that would be over before a board takes another command is as good as one that takes that long. */
function jerkFor(accelMmPerS2: number, wanted: number | null): number | undefined {
  return wanted === null ? undefined : Math.min(wanted, accelMmPerS2 / SLICE_LIMITS.minS);
}

function choosePen(pens: readonly PenSettings[], wanted: string | undefined): PenSettings {
  const pen = wanted === undefined ? pens[0] : pens.find((each) => same(each.name, wanted));
  if (pen) return pen;
  const known = pens.map((each) => each.name).join(", ");
  throw new PlottyError(
    "plan.unknown-pen",
    wanted === undefined
      ? "the configuration has no pen: add one under pens:"
      : `no pen "${wanted}"; the configuration has ${known}`,
    { pen: wanted ?? null },
  );
}

function pageSettings(config: Config, options: PlotOptions, model: MachineModel): PlotSettings["page"] {
  const paper = options.paper === undefined ? undefined : findPaper(config, options.paper);
  return {
    envelope: model.envelope,
    paper: paper ?? model.envelope,
    marginMm: options.marginMm ?? paper?.marginMm ?? (options.fit === "page" ? FIT_MARGIN_MM : 0),
    fit: options.fit ?? "none",
    rotate: options.rotate ?? "auto",
    scale: options.scale ?? 1,
    origin: options.origin ?? { x: 0, y: 0 },
  };
}

function findPaper(config: Config, name: string): Size & { marginMm?: number } {
  const own = Object.entries(config.papers).find(([each]) => same(each, name))?.[1];
  if (own) return { widthMm: own.width_mm, heightMm: own.height_mm, marginMm: own.margin_mm };
  const standard = PAPERS[name.toLowerCase()];
  if (standard) return standard;
  const known = [...new Set([...Object.keys(PAPERS), ...Object.keys(config.papers)])].join(", ");
  throw new PlottyError("plan.unknown-paper", `no paper "${name}"; plotty knows ${known}`, { paper: name });
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.trim().toLowerCase();
}
