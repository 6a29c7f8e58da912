import { Link, useSearch } from "wouter";
import { ApiError, hasCode } from "../../api/api-error.ts";
import { Button } from "../../components/button/button.tsx";
import { TextField } from "../../components/field/field.tsx";
import { PasswordField } from "../../components/field/password-field.tsx";
import { ProblemLine } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";
import { all, email, given } from "../../lib/form-rules.ts";
import { useForm } from "../../lib/use-form.ts";
import { logIn } from "../../queries/authentication.ts";
import { AuthFrame } from "../welcome/auth-frame.tsx";

/** Logging in leads back to `?next=`: the routes of a member take it from there. */
export function LogInPage() {
  const { auth } = useMessages();
  const search = new URLSearchParams(useSearch());
  const { form, field, failure, isSending } = useForm({
    initial: { email: search.get("email") ?? "", password: "" },
    checks: { email: all(given, email), password: given },
    submit: ({ email: address, password }) => logIn(address, password),
  });
  const isWrong = hasCode(failure, "MEMBER_PASSWORD_INVALID");
  const next = search.get("next");
  return (
    <AuthFrame title={auth.welcomeBack}>
      <form {...form} className="auth-card">
        {search.get("why") === "expired" && (
          <p className="auth-note" role="status">
            {auth.expired}
          </p>
        )}
        {search.get("why") === "created" && (
          <p className="auth-note" role="status">
            {auth.createdLogIn}
          </p>
        )}
        <TextField
          label={auth.email}
          type="email"
          autoComplete="username"
          inputMode="email"
          {...field("email")}
        />
        <PasswordField label={auth.password} autoComplete="current-password" {...field("password")} />
        <ProblemLine error={isWrong ? new ApiError(401, { message: auth.wrong }) : failure} />
        <Button type="submit" look="primary" disabled={isSending}>
          {isSending ? auth.loggingIn : auth.logIn}
        </Button>
      </form>
      <p className="auth-other">
        {auth.noAccount}{" "}
        <Link href={next ? `/signup?next=${encodeURIComponent(next)}` : "/signup"}>{auth.signUp}</Link>
      </p>
    </AuthFrame>
  );
}
