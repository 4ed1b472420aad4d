// GraphiQL on our own address. What is written here is forgotten with the page: a shared PC keeps no names.
import { ask, mayRun } from "./explorer-ask.js?v=e9120f578ddd";

const { React, ReactDOM, GraphiQL } = window;
const place = document.getElementById("graphiql");
const { address, query, variables } = place.dataset;

const kept = new Map();
const storage = {
  get length() { return kept.size; },
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => { kept.set(name, String(value)); },
  removeItem: (name) => { kept.delete(name); },
  clear: () => { kept.clear(); },
};

const fetcher = async ({ query: asked, variables: given, operationName }) => {
  if (!mayRun(asked)) return { errors: [{ message: "Tidak dijalankan." }] };
  return (await ask(address, { query: asked, variables: given, operationName })).body;
};

const props = {
  fetcher,
  storage,
  query,
  variables,
  defaultEditorToolsVisibility: "variables",
  isHeadersEditorEnabled: false,
  showPersistHeadersSettings: false,
  forcedTheme: "light",
};
ReactDOM.createRoot(place).render(React.createElement(GraphiQL, props));
