import { type FormEvent, useId } from "react";
import type { InputRequestData } from "../api/events";
import type { AssistantNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { parseObject } from "../records";
import { contentOf, type FieldValue, type FormField, fieldsOf } from "./fields";
import { RequestCard } from "./RequestCard";
import { useAnswer } from "./useAnswer";
import { useTyped } from "./useTyped";

interface QuestionCardProps {
  readonly node: AssistantNode;
  readonly request: InputRequestData;
}

/** A question of a tool, as the form that its schema describes. */
export function QuestionCard({ node, request }: QuestionCardProps) {
  const { sending, sent, answer } = useAnswer(node);
  const [typed, type] = useTyped(node, request.id, sent);
  const values = (parseObject(typed ?? "{}") ?? {}) as Readonly<Record<string, FieldValue>>;
  const fields = fieldsOf(request.schema);
  const send = (event: FormEvent) => {
    event.preventDefault();
    void answer({ type: "answer", request_id: request.id, content: contentOf(fields, values) });
  };
  return (
    <RequestCard
      kind="question"
      title={strings.questionTitle}
      expiresAt={request.expires_at}
      sending={sending}
      sent={sent}
    >
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
        {request.message}
      </p>
      <form className="space-y-3" onSubmit={send}>
        {fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name] ?? field.initial}
            onChange={(value) => type(JSON.stringify({ ...values, [field.name]: value }))}
          />
        ))}
        <div className="flex flex-wrap gap-2">
          <button type="submit" className="button button-accent" disabled={sending}>
            {strings.sendAnswer}
          </button>
          <button
            type="button"
            className="button"
            disabled={sending}
            onClick={() => void answer({ type: "deny", request_id: request.id })}
          >
            {strings.declineQuestion}
          </button>
        </div>
      </form>
    </RequestCard>
  );
}

interface FieldProps {
  readonly field: FormField;
  readonly value: FieldValue;
  readonly onChange: (value: FieldValue) => void;
}

function Field({ field, value, onChange }: FieldProps) {
  const id = useId();
  const described = field.description === undefined ? {} : { "aria-describedby": `${id}-description` };
  const description = field.description !== undefined && (
    <span id={`${id}-description`} className="block text-muted text-xs">
      {field.description}
    </span>
  );
  if (field.kind === "boolean") {
    return (
      <div className="space-y-1">
        <label className="flex items-center gap-2">
          <input
            {...described}
            type="checkbox"
            checked={value === "true"}
            onChange={(event) => onChange(String(event.target.checked))}
          />
          {field.label}
        </label>
        {description}
      </div>
    );
  }
  if (field.kind === "choices") {
    const checked = Array.isArray(value) ? value : [];
    return (
      <fieldset className="space-y-1" {...described}>
        <legend className="text-sm">{field.label}</legend>
        {field.choices.map((choice) => (
          <label key={choice.value} className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={checked.includes(choice.value)}
              onChange={(event) =>
                onChange(
                  field.choices
                    .map((each) => each.value)
                    .filter((each) => (each === choice.value ? event.target.checked : checked.includes(each))),
                )
              }
            />
            {choice.label}
          </label>
        ))}
        {description}
      </fieldset>
    );
  }
  const labelled = {
    ...described,
    id: `${id}-field`,
    className: "field w-full",
    required: field.required,
    value: String(value),
  };
  return (
    <div className="space-y-1">
      <label htmlFor={`${id}-field`} className="block w-fit text-sm">
        {field.label}
        {field.required && (
          <span className="text-muted" aria-hidden>{` (${strings.requiredField})`}</span> // the field says it to screen readers
        )}
      </label>
      {field.kind === "choice" ? (
        <select {...labelled} onChange={(event) => onChange(event.target.value)}>
          <option value="" />
          {field.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : (
        <input {...labelled} {...field.limits} type={field.kind} onChange={(event) => onChange(event.target.value)} />
      )}
      {description}
    </div>
  );
}
