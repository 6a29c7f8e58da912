import { Link, useLocation, useSearch } from "wouter";
import { ApiError } from "../../api/api-error.ts";
import { Button } from "../../components/button/button.tsx";
import { TextField } from "../../components/field/field.tsx";
import { NewPasswordField } from "../../components/field/password-field.tsx";
import { ProblemLine } from "../../components/states/states.tsx";
import { language, useMessages } from "../../i18n/language.ts";
import { all, atLeast, atMost, email, given, handle, newPassword, notBlank } from "../../lib/form-rules.ts";
import { useForm } from "../../lib/use-form.ts";
import { logIn, signUp } from "../../queries/authentication.ts";
import { AuthFrame } from "../welcome/auth-frame.tsx";

export function SignUpPage() {
  const { auth } = useMessages();
  const [, navigate] = useLocation();
  const next = new URLSearchParams(useSearch()).get("next");
  const { form, field, failure, isSending } = useForm({
    initial: { email: "", password: "", memberName: "", handle: "", displayName: "" },
    checks: {
      email: all(given, email, atMost(100)),
      password: newPassword,
      memberName: all(notBlank, atLeast(2), atMost(30)),
      handle: all(given, handle),
      displayName: atMost(50),
    },
    fieldOfCode: { MEMBER_ALREADY_EXISTS: "email", MEMBER_HANDLE_ALREADY_EXISTS: "handle" },
    submit: async (values) => {
      await signUp({ ...values, languageCode: language(), timezone: timeZone() });
      await logIn(values.email, values.password).catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        // The account is there all the same.
        navigate(`/login?why=created&email=${encodeURIComponent(values.email)}`);
      });
    },
  });
  return (
    <AuthFrame title={auth.join}>
      <form {...form} className="auth-card">
        <TextField
          label={auth.email}
          type="email"
          autoComplete="username"
          inputMode="email"
          hint={auth.emailHint}
          {...field("email")}
        />
        <NewPasswordField label={auth.password} {...field("password")} />
        <TextField label={auth.name} autoComplete="name" hint={auth.nameHint} {...field("memberName")} />
        <TextField
          label={auth.handle}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          hint={auth.handleHint}
          {...field("handle")}
        />
        <TextField
          label={auth.displayName}
          optional={auth.optional}
          autoComplete="nickname"
          hint={auth.displayNameHint}
          {...field("displayName")}
        />
        <ProblemLine error={failure} />
        <Button type="submit" look="primary" disabled={isSending}>
          {isSending ? auth.signingUp : auth.signUp}
        </Button>
      </form>
      <p className="auth-other">
        {auth.haveAccount}{" "}
        <Link href={next ? `/login?next=${encodeURIComponent(next)}` : "/login"}>{auth.logIn}</Link>
      </p>
    </AuthFrame>
  );
}

function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
