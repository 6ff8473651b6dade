import type { PlanDocument } from "../../shared/http-messages.ts";
import type { PlanShape } from "../../shared/plan-view.ts";
import type { JobView } from "../../shared/ws-messages.ts";
import type { Api } from "./api.ts";

/** A plan with more points than this is not asked for: as JSON it would be tens of megabytes, for a picture of cells. */
export const MOST_POINTS = 500_000;
const PLANS_KEPT = 4;

export type PlanAnswer =
  | { readonly state: "none"; readonly why: string }
  | { readonly state: "asked" }
  | { readonly state: "here"; readonly plan: PlanShape };

/** The plans of jobs, asked for once each; a job that was planned anew is another plan. */
export class PlanSource {
  readonly #api: Api;
  readonly #answers = new Map<string, PlanAnswer>();
  readonly #listeners = new Set<() => void>();

  constructor(api: Api) {
    this.#api = api;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What is known of the plan now: the same object until that changes. */
  of(job: JobView | undefined): PlanAnswer {
    if (!job) return NO_JOB;
    if (!job.estimate) return NOT_PLANNED;
    if (job.estimate.points > MOST_POINTS) return TOO_MANY;
    return this.#answers.get(keyOf(job)) ?? ASKED;
  }

  /** Asks for the plan unless that has been done. */
  want(job: JobView | undefined): void {
    if (!job?.estimate || job.estimate.points > MOST_POINTS) return;
    const key = keyOf(job);
    if (this.#answers.has(key)) return;
    for (const old of [...this.#answers.keys()].slice(0, Math.max(0, this.#answers.size - PLANS_KEPT + 1)))
      this.#answers.delete(old);
    this.#answers.set(key, ASKED);
    this.#api.plan(job.id).then(
      (document) => this.#answered(key, { state: "here", plan: shapeOf(document) }),
      (error: Error) => this.#answered(key, { state: "none", why: error.message }),
    );
  }

  /** Lets plans that could not be had be asked for again. */
  forgetFailures(): void {
    for (const [key, { state }] of this.#answers) if (state === "none") this.#answers.delete(key);
  }

  #answered(key: string, answer: PlanAnswer): void {
    if (!this.#answers.has(key)) return;
    this.#answers.set(key, answer);
    for (const listener of this.#listeners) listener();
  }
}

const ASKED: PlanAnswer = { state: "asked" };
const NO_JOB: PlanAnswer = { state: "none", why: "no job" };
const NOT_PLANNED: PlanAnswer = { state: "none", why: "not planned yet" };
const TOO_MANY: PlanAnswer = {
  state: "none",
  why: `more than ${MOST_POINTS} points: plotty preview shows it`,
};

function keyOf({ id, estimate }: JobView): string {
  const { duration_s, ink_mm, travel_mm, points } = estimate!;
  return `${id} ${duration_s} ${ink_mm} ${travel_mm} ${points}`;
}

/** The document's polylines, flat. */
export function shapeOf({ polylines }: PlanDocument): PlanShape {
  const strokeStart = new Uint32Array(polylines.length + 1);
  polylines.forEach((line, stroke) => {
    strokeStart[stroke + 1] = strokeStart[stroke]! + line.length;
  });
  const points = new Float64Array(2 * strokeStart[polylines.length]!);
  let at = 0;
  for (const line of polylines) {
    for (const [x, y] of line) {
      points[at++] = x;
      points[at++] = y;
    }
  }
  return { points, strokeStart };
}
