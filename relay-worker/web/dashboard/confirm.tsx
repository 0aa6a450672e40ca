/** The page between wish and deed: says what will happen, and asks once more. */
import { formField } from "../forms.ts";
import { Page } from "../page.tsx";
import type { WebSession } from "../sessions.ts";
import type { Confirmation, Input } from "./actions.ts";
import { Account } from "./page.tsx";

interface Props {
  readonly confirmation: Confirmation;
  readonly action: string;
  readonly input: Input;
  readonly session: WebSession;
  readonly formToken: string;
}

export function ConfirmPage({ confirmation, action, input, session, formToken }: Props) {
  const { title, explanation, button, weight } = confirmation;
  const hidden = Object.entries(input).filter(([name]) => name !== "weight");
  const back = `/dashboard?${new URLSearchParams({ pool: input.pool ?? "" })}`;
  return (
    <Page title={title} aside={<Account session={session} formToken={formToken} />}>
      <form class="notice" method="post" action={action}>
        <h1>{title}</h1>
        <p>{explanation}</p>
        <input type="hidden" name={formField} value={formToken} />
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {weight === undefined ? null : (
          <label>
            Weight
            <input type="number" name="weight" value={weight} min="0.01" max="1000" step="any" required />
          </label>
        )}
        <p class="actions">
          <button type="submit" class="strong">
            {button}
          </button>
          <a href={back}>Leave it as it is</a>
        </p>
      </form>
    </Page>
  );
}
