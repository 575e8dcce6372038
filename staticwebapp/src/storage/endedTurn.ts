/** A search or a plan that has ended, as it was shown. */
export interface EndedTurn {
  readonly id: string;
  readonly kind: string;
  readonly endedAt: number;
  readonly request: unknown;
  readonly view: unknown;
}
