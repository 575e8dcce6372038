/** A search or a plan that has ended, as it was shown. */
export interface EndedTurn<Request = unknown, View = unknown> {
  readonly id: string;
  readonly kind: string;
  readonly endedAt: number;
  readonly request: Request;
  readonly view: View;
}
