interface TwoAnswersProps {
  readonly yes: string;
  readonly no: string;
  readonly sending: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** The buttons of a request that is answered with yes or no. */
export function TwoAnswers({ yes, no, sending, onYes, onNo }: TwoAnswersProps) {
  return (
    <div className="flex flex-wrap gap-2">
      <button type="button" className="button button-accent" disabled={sending} onClick={onYes}>
        {yes}
      </button>
      <button type="button" className="button" disabled={sending} onClick={onNo}>
        {no}
      </button>
    </div>
  );
}
