// What both explorers share: the question goes to our own address, and whoever would change data is asked first.
const isMutation = (query) => /(^|[\s}])mutation\b/.test(query.replace(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*/g, ""));

export const mayRun = (query) => !isMutation(query) || confirm("Dokumen ini memuat mutasi dan dapat mengubah data. Jalankan?");

export const ask = async (address, question) => {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json;q=0.9" },
    body: JSON.stringify(question),
  });
  return { status: answer.status, body: await answer.json() };
};
