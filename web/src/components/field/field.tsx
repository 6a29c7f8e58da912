import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";
import { Icon } from "../icon/icon.tsx";
import "./field.css";

interface FrameProps {
  readonly label: string;
  /** The rule of the field, always in sight. */
  readonly hint?: ReactNode;
  readonly error?: string;
  readonly optional?: string;
}

interface Wiring {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean | undefined;
}

function Frame({
  label,
  hint,
  error,
  optional,
  children,
}: FrameProps & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {optional && <span className="field-optional">({optional})</span>}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          <Icon name="alert" size={16} /> {error}
        </p>
      )}
      {hint && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

export function TextField({
  label,
  hint,
  error,
  optional,
  ...rest
}: FrameProps & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Frame label={label} hint={hint} error={error} optional={optional}>
      {(wiring) => <input className="field-input" {...rest} {...wiring} />}
    </Frame>
  );
}

export function AreaField({
  label,
  hint,
  error,
  optional,
  ...rest
}: FrameProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Frame label={label} hint={hint} error={error} optional={optional}>
      {(wiring) => <textarea className="field-input field-area" rows={3} {...rest} {...wiring} />}
    </Frame>
  );
}

export function SelectField({
  label,
  hint,
  error,
  optional,
  ...rest
}: FrameProps & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Frame label={label} hint={hint} error={error} optional={optional}>
      {(wiring) => <select className="field-input" {...rest} {...wiring} />}
    </Frame>
  );
}

interface ChoicesProps<T extends string> {
  readonly legend: string;
  readonly hint?: string;
  readonly name: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  onChoose(value: T): void;
}

export function Choices<T extends string>({ legend, hint, name, value, options, onChoose }: ChoicesProps<T>) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {options.map(([option, label]) => (
        <label key={option} className="choice">
          <input type="radio" name={name} checked={option === value} onChange={() => onChoose(option)} />
          {label}
        </label>
      ))}
      {hint && <p className="field-hint">{hint}</p>}
    </fieldset>
  );
}
