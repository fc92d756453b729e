import {message, reasoning, stream, type Script} from '../../source/demo/script.ts';

/** Any `codex exec "…"`: thinks, then says "Hello from upstream." */
export const codexText: Script = [
	{answer: stream([reasoning('**Greeting the user**\n\nA short answer is enough.'), message('Hello from upstream.')])},
];
