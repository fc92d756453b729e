import {message, reasoning, stream, type Script} from '../../source/demo/script.ts';

/** `claude -p "…"`: thinks, then says "Hello from upstream."; also the title that the interactive client asks for. */
export const claudeText: Script = [
	{match: {kind: 'title'}, answer: stream([message('{"title":"Say hello"}')])},
	{answer: stream([reasoning('The user wants a greeting.'), message('Hello from upstream.')])},
];
