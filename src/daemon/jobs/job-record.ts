import type { JobState } from "../../shared/job-states.ts";
import type { PlanTotals } from "../../shared/plan.ts";
import type { PlotOptions } from "../../shared/plot-settings.ts";
import type { JobView } from "../../shared/ws-messages.ts";

/** A job as the database keeps it. */
export interface JobRecord {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  /** Why it is in this state, in words. */
  readonly reason: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Higher goes first. */
  readonly priority: number;
  /** Order among jobs of one priority. */
  readonly rank: number;
  readonly hold: boolean;
  /** The machine it was asked for or is drawn by. */
  readonly device: string | null;
  readonly options: PlotOptions;
  readonly plan: PlanSummary | null;
  readonly progress: number;
  /** Its pen has touched paper. */
  readonly inked: boolean;
}

/** What is worth knowing of a plan without reading it. */
export interface PlanSummary {
  readonly hash: string;
  /** The machine model it was made for. */
  readonly model: string;
  /** All models that could draw it whole; missing in plans of earlier versions. */
  readonly fitsModels?: readonly string[];
  readonly layers: JobView["layers"];
  readonly totals: PlanTotals;
  readonly notes: readonly string[];
  /** How many times longer than planned the machine takes, as its former jobs have shown. */
  readonly timeFactor: number;
  /** Seconds it took, where it was drawn in one go. */
  readonly actualS?: number;
}

/** What only a job under way has; kept in memory. */
export interface LiveJob {
  readonly layer: number;
  readonly remainingS: number;
}

export interface HistoryEntry {
  readonly atMs: number;
  readonly from: JobState["name"] | null;
  readonly to: JobState["name"];
  readonly reason: string;
}

export function jobView(
  job: JobRecord,
  history: readonly HistoryEntry[],
  live: LiveJob | undefined,
): JobView {
  const { state, plan } = job;
  const totalS = plan ? expectedS(plan) : null;
  const leftS = live
    ? live.remainingS * (plan?.timeFactor ?? 1)
    : totalS === null
      ? null
      : totalS * (1 - job.progress);
  return {
    id: job.id,
    name: job.name,
    state: state.name,
    progress: state.name === "COMPLETED" ? 1 : job.progress,
    reason: job.reason,
    created_at: iso(job.createdMs),
    updated_at: iso(job.updatedMs),
    priority: job.priority,
    rank: job.rank,
    hold: job.hold,
    pen: plan?.layers[live?.layer ?? 0]?.pen ?? job.options.pen ?? null,
    paper: job.options.paper?.toLowerCase() ?? null,
    device: job.device,
    model: plan?.model ?? null,
    layers: plan ? [...plan.layers] : [],
    estimate: plan ? estimateOf(plan) : null,
    current_layer: (live?.layer ?? 0) + 1,
    total_layers: Math.max(1, plan?.layers.length ?? 1),
    estimated_remaining:
      leftS === null || state.name === "COMPLETED" ? (totalS === null ? null : 0) : Math.ceil(leftS),
    notes: plan ? [...plan.notes] : [],
    error: state.name === "FAILED" ? { ...state.error, details: { ...state.error.details } } : null,
    history: history.map((entry) => ({
      at: iso(entry.atMs),
      from_state: entry.from,
      to_state: entry.to,
      reason: entry.reason,
    })),
  };
}

/** The planned time, corrected by what the machine has shown. */
export function expectedS(plan: PlanSummary): number {
  return plan.totals.durationS * plan.timeFactor;
}

function estimateOf(plan: PlanSummary): NonNullable<JobView["estimate"]> {
  const { totals } = plan;
  return {
    duration_s: totals.durationS,
    expected_s: expectedS(plan),
    actual_s: plan.actualS ?? null,
    draw_s: totals.drawS,
    travel_s: totals.travelS,
    pen_s: totals.penS,
    ink_mm: totals.inkMm,
    travel_mm: totals.travelMm,
    lifts: totals.lifts,
    points: totals.points,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
