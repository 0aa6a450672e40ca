/** The confirmation page: describes the effects of an action and asks once more. */
import { Account, type Signed } from "../account.tsx";
import { formField } from "../forms.ts";
import { Page } from "../page.tsx";
import type { Confirmation, Input } from "./actions.ts";

interface Props {
  readonly confirmation: Confirmation;
  readonly action: string;
  readonly input: Input;
  readonly signed: Signed;
}

export function ConfirmPage({ confirmation, action, input, signed }: Props) {
  const { title, explanation, button, weight } = confirmation;
  const hidden = Object.entries(input).filter(([name]) => name !== "weight");
  const { pool = "", since } = input;
  const back = `/dashboard?${new URLSearchParams({ pool, ...(since ? { since } : {}) })}`;
  return (
    <Page title={title} aside={<Account {...signed} />}>
      <form class="notice" method="post" action={action}>
        <h1>{title}</h1>
        <p>{explanation}</p>
        <input type="hidden" name={formField} value={signed.formToken} />
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
