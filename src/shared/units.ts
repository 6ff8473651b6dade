/** One motor step at the microstepping in use. Branded, so that mm cannot be taken for steps. */
export type Steps = number & { readonly unit: "steps" };

/** Nearest whole step to a length; the fraction lost here is found again because positions, not lengths, are rounded. */
export function toSteps(lengthMm: number, stepsPerMm: number): Steps {
  return Math.round(lengthMm * stepsPerMm) as Steps;
}

export function toMm(steps: number, stepsPerMm: number): number {
  return steps / stepsPerMm;
}

export const PX_PER_INCH = 96;
export const MM_PER_INCH = 25.4;
export const MM_PER_PX = MM_PER_INCH / PX_PER_INCH;
