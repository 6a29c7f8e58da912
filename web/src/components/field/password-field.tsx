import { type ComponentProps, type ReactNode, useState } from "react";
import { useMessages } from "../../i18n/language.ts";
import { passwordRules } from "../../lib/form-rules.ts";
import { Icon } from "../icon/icon.tsx";
import { TextField } from "./field.tsx";

type Props = Omit<ComponentProps<typeof TextField>, "type" | "hint"> & { readonly hint?: ReactNode };

export function PasswordField(props: Props) {
  const { auth } = useMessages();
  const [shown, setShown] = useState(false);
  return (
    <div className="password-field">
      <TextField {...props} type={shown ? "text" : "password"} spellCheck={false} autoCapitalize="none" />
      <button type="button" className="password-eye" aria-pressed={shown} onClick={() => setShown(!shown)}>
        <Icon name="eye" size={20} />
        <span className="visually-hidden">{shown ? auth.hidePassword : auth.showPassword}</span>
      </button>
    </div>
  );
}

/** A password to be set, with every rule and whether it is met. */
export function NewPasswordField(props: Omit<Props, "hint"> & { readonly value: string }) {
  const { rules } = useMessages();
  const hint = (
    <>
      {rules.passwordRules}
      <ul className="password-rules">
        {passwordRules(props.value).map(({ name, met }) => (
          <li key={name} className={met ? "is-met" : ""}>
            <Icon name={met ? "check" : "more"} size={14} /> {rules[name]}
            <span className="visually-hidden"> ({met ? rules.met : rules.open})</span>
          </li>
        ))}
      </ul>
    </>
  );
  return <PasswordField {...props} autoComplete="new-password" hint={hint} />;
}
