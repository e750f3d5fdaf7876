import { html } from "../html.js";
import { Head } from "../panel.js";
import { names } from "../shell.js";

export default () => html`<${Head} title=${names.coverage} />`;
