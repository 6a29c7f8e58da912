import { useCallback, useState } from "react";
import { navigate } from "wouter/use-browser-location";
import { Button } from "../../components/button/button.tsx";
import { TextField } from "../../components/field/field.tsx";
import { Problem, ProblemLine, Skeleton } from "../../components/states/states.tsx";
import { say } from "../../components/toast/toasts.ts";
import { useMessages } from "../../i18n/language.ts";
import { all, given, handle } from "../../lib/form-rules.ts";
import { useForm } from "../../lib/use-form.ts";
import { logOut } from "../../queries/authentication.ts";
import { useMyProfile } from "../../queries/me.ts";
import { useChangeHandle } from "../../queries/members.ts";

export function Account() {
  const { data, error, refetch } = useMyProfile();
  const again = useCallback(() => void refetch(), [refetch]);
  return (
    <>
      {data ? (
        <HandleForm current={data.handle} email={data.email ?? ""} />
      ) : error ? (
        <Problem error={error} onRetry={again} />
      ) : (
        <Skeleton rows={1} />
      )}
      <LogOut />
    </>
  );
}

function LogOut() {
  const { auth } = useMessages();
  const [isBusy, setBusy] = useState(false);
  const out = async () => {
    setBusy(true);
    const reach = await logOut();
    navigate("/");
    if (reach === "here") say(auth.loggedOutHere, { tone: "bad", life: 15_000 });
  };
  return (
    <section className="settings-part">
      <Button icon="out" disabled={isBusy} onClick={() => void out()}>
        {isBusy ? auth.loggingOut : auth.logOut}
      </Button>
    </section>
  );
}

function HandleForm({ current, email }: { current: string; email: string }) {
  const { auth, settings } = useMessages();
  const change = useChangeHandle();
  const { form, field, values, failure, isSending } = useForm({
    initial: { newHandle: current },
    checks: { newHandle: all(given, handle) },
    fieldOfCode: { MEMBER_HANDLE_ALREADY_EXISTS: "newHandle" },
    submit: async ({ newHandle }) => {
      await change.mutateAsync(newHandle);
      say(settings.handleChanged);
    },
  });
  return (
    <form {...form}>
      <TextField label={auth.email} value={email} readOnly hint={auth.emailHint} />
      <TextField
        label={settings.handle}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        hint={
          <>
            {auth.handleHint} {settings.handleWarning}
          </>
        }
        {...field("newHandle")}
      />
      <ProblemLine error={failure} />
      <Button type="submit" look="primary" disabled={isSending || values.newHandle === current}>
        {isSending ? settings.saving : settings.changeHandle}
      </Button>
    </form>
  );
}
