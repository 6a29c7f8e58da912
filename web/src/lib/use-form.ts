import { type FormEvent, useRef, useState } from "react";
import { ApiError } from "../api/api-error.ts";
import { useMessages } from "../i18n/language.ts";
import type { Check } from "./form-rules.ts";

type Values = Readonly<Record<string, string>>;

interface FormOptions<V extends Values> {
  readonly initial: V;
  readonly checks: Partial<Readonly<Record<keyof V, Check>>>;
  /** Sends it; what it throws is shown. */
  submit(values: V): Promise<void>;
  /** Errors of the API that belong to a field. */
  readonly fieldOfCode?: Readonly<Record<string, keyof V & string>>;
}

/** A form of text fields: complaints appear when a field is left or the form sent, and go while it is mended. */
export function useForm<V extends Values>({ initial, checks, submit, fieldOfCode = {} }: FormOptions<V>) {
  const { rules } = useMessages();
  const [values, setValues] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<unknown>();
  const [isSending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const complaintOf = (name: keyof V & string) => refused[name] ?? checks[name]?.(values[name] ?? "", rules);

  const field = (name: keyof V & string) => ({
    name,
    value: values[name] as string,
    error: touched.has(name) ? complaintOf(name) : undefined,
    onChange: (event: { target: { value: string } }) => {
      const { value } = event.target;
      setValues((old) => ({ ...old, [name]: value }));
      setRefused(({ [name]: _, ...others }) => others);
    },
    onBlur: () => {
      if (values[name] !== initial[name]) setTouched((old) => new Set(old).add(name));
    },
  });

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (isSending) return;
    setTouched(new Set(Object.keys(values)));
    setFailure(undefined);
    const wrong = Object.keys(values).find((name) => complaintOf(name) !== undefined);
    if (wrong) return focusOn(form.current, wrong);
    setSending(true);
    try {
      await submit(values);
    } catch (error) {
      const own = fieldErrors(error, fieldOfCode);
      const first = Object.keys(own).find((name) => name in values);
      setRefused(own);
      if (first) requestAnimationFrame(() => focusOn(form.current, first));
      else setFailure(error);
    } finally {
      setSending(false);
    }
  };

  return { form: { ref: form, onSubmit, noValidate: true }, field, values, setValues, failure, isSending };
}

function fieldErrors(error: unknown, fieldOfCode: Readonly<Record<string, string>>): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const field = fieldOfCode[error.code];
  return field ? { [field]: error.message } : { ...error.fields };
}

function focusOn(form: HTMLFormElement | null, name: string): void {
  const control = form?.elements.namedItem(name);
  if (control instanceof HTMLElement) control.focus();
}
