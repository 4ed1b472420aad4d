// A session that ended, with the page still open: when somebody signed in again in another tab, the page only needs its token.
// "new" where it has it now, "same" where the token was right, "ended" where nobody is signed in.
export async function renewToken() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || new URL(answer.url).pathname === "/masuk") return "ended";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("input[name=csrf_token]")?.value;
  const inputs = [...document.querySelectorAll("input[name=csrf_token]")];
  if (!token || inputs.every((input) => input.value === token)) return "same";
  for (const input of inputs) input.value = token;
  return "new";
}
