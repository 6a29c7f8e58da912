import { useState } from "react";
import { navigate } from "wouter/use-browser-location";
import { ApiError, hasCode } from "../../api/api-error.ts";
import { Button } from "../../components/button/button.tsx";
import { NewPasswordField, PasswordField } from "../../components/field/password-field.tsx";
import { ProblemLine } from "../../components/states/states.tsx";
import { say } from "../../components/toast/toasts.ts";
import { useMessages } from "../../i18n/language.ts";
import { given, newPassword } from "../../lib/form-rules.ts";
import { useForm } from "../../lib/use-form.ts";
import { changePassword, logOutEverywhere } from "../../queries/authentication.ts";

export function Security() {
  return (
    <>
      <PasswordForm />
      <Sessions />
    </>
  );
}

function PasswordForm() {
  const { settings } = useMessages();
  const { form, field, setValues, failure, isSending } = useForm({
    initial: { currentPassword: "", newPassword: "" },
    checks: { currentPassword: given, newPassword },
    submit: async ({ currentPassword, newPassword: next }) => {
      await changePassword(currentPassword, next);
      setValues({ currentPassword: "", newPassword: "" });
      say(settings.passwordChanged);
    },
  });
  const isWrong = hasCode(failure, "MEMBER_PASSWORD_INVALID");
  return (
    <form {...form}>
      <PasswordField
        label={settings.currentPassword}
        autoComplete="current-password"
        {...field("currentPassword")}
      />
      <NewPasswordField label={settings.newPassword} {...field("newPassword")} />
      <ProblemLine error={isWrong ? new ApiError(401, { message: settings.passwordWrong }) : failure} />
      <Button type="submit" look="primary" disabled={isSending}>
        {isSending ? settings.saving : settings.changePassword}
      </Button>
    </form>
  );
}

function Sessions() {
  const { auth, settings } = useMessages();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const out = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await logOutEverywhere();
      navigate("/");
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <section className="settings-part">
      <h2>{settings.sessions}</h2>
      <p>{settings.sessionsText}</p>
      <ProblemLine error={error} />
      <Button icon="out" disabled={isBusy} onClick={() => void out()}>
        {isBusy ? auth.loggingOut : settings.logOutEverywhere}
      </Button>
    </section>
  );
}
