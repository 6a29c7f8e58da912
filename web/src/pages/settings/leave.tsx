import { useState } from "react";
import { navigate } from "wouter/use-browser-location";
import { ApiError, hasCode } from "../../api/api-error.ts";
import { Button } from "../../components/button/button.tsx";
import { PasswordField } from "../../components/field/password-field.tsx";
import { Icon } from "../../components/icon/icon.tsx";
import { ProblemLine } from "../../components/states/states.tsx";
import { say } from "../../components/toast/toasts.ts";
import { useMessages } from "../../i18n/language.ts";
import { given } from "../../lib/form-rules.ts";
import { useForm } from "../../lib/use-form.ts";
import { withdraw } from "../../queries/authentication.ts";

/** Withdrawal: what it means, then a tick, a password and a button, in this order. */
export function Leave() {
  const { settings } = useMessages();
  const [isSure, setSure] = useState(false);
  const { form, field, failure, isSending } = useForm({
    initial: { password: "" },
    checks: { password: given },
    submit: async ({ password }) => {
      await withdraw(password);
      navigate("/");
      say(settings.withdrawn);
    },
  });
  const isWrong = hasCode(failure, "MEMBER_PASSWORD_INVALID");
  return (
    <>
      <section className="warning">
        <h2 className="row">
          <Icon name="alert" /> {settings.withdraw}
        </h2>
        <p>
          <b>{settings.withdrawText}</b>
        </p>
        <ul>
          {settings.withdrawPoints.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </section>
      <form {...form}>
        <label className="choice">
          <input type="checkbox" checked={isSure} onChange={(event) => setSure(event.target.checked)} />
          {settings.withdrawConfirm}
        </label>
        <PasswordField
          label={settings.withdrawPassword}
          autoComplete="current-password"
          {...field("password")}
        />
        <ProblemLine error={isWrong ? new ApiError(401, { message: settings.passwordWrong }) : failure} />
        <Button type="submit" look="danger" disabled={!isSure || isSending}>
          {isSending ? settings.withdrawing : settings.withdrawSubmit}
        </Button>
      </form>
    </>
  );
}
